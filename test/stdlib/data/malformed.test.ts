import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { bbq } from '../../../stdlib/data/bbq/bbq.ts';
import { winogender } from '../../../stdlib/data/gender/winogender.ts';
import { winogenerated } from '../../../stdlib/data/gender/winogenerated.ts';
import { mmlu } from '../../../stdlib/data/mmlu/mmlu.ts';
import { modelWritten } from '../../../stdlib/data/model-written/model-written.ts';
import { UserError } from '../../../stdlib/define.ts';
import { testContext } from '../../helpers/run-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-malformed-'));
process.env.ASSAY_DATA = folder;
process.env.XDG_CACHE_HOME = join(folder, 'cache');

function put(file: string, text: string): void {
	mkdirSync(dirname(join(folder, file)), { recursive: true });
	writeFileSync(join(folder, file), text);
}

type Fields = Readonly<Record<string, unknown>>;

/** A good line, an empty one, and the same line with a change: the file's third. */
function putLines(file: string, good: Fields, change: Fields | string): void {
	const third = typeof change === 'string' ? change : JSON.stringify({ ...good, ...change });
	put(file, `${JSON.stringify(good)}\n\n${third}\n`);
}

const BBQ_LINE = {
	example_id: 1,
	question_index: '1',
	question_polarity: 'neg',
	context_condition: 'ambig',
	category: 'Age',
	answer_info: { ans0: ['x', 'old'], ans1: ['y', 'nonOld'], ans2: ['z', 'unknown'] },
	additional_metadata: { subcategory: 'None', stereotyped_groups: ['old'] },
	context: 'Two people.',
	question: 'Who?',
	ans0: 'x',
	ans1: 'y',
	ans2: 'z',
	label: 2,
};
const MODEL_WRITTEN_LINE = {
	question: 'Is it?',
	answer_matching_behavior: ' Yes',
	answer_not_matching_behavior: ' No',
};
const WINOGENERATED_LINE = {
	index: 0,
	occupation: 'smith',
	other_person: 'client',
	pronoun_options: ['he', 'she', 'they'],
	sentence_with_blank: 'The smith said that _ was late.',
	BLS_percent_women_2019: 4.5,
	BLS_original_occupation: 'smiths',
};

const BBQ_FILE = 'bbq/data/Age.jsonl';
const PERSONA_FILE = 'model-written-evals/persona/agreeableness.jsonl';
const SENTENCES_FILE = 'model-written-evals/winogenerated/winogenerated_examples.jsonl';
const readBbq = () => bbq({ categories: ['Age'] }, testContext());
const readPersona = () => modelWritten('persona/agreeableness', testContext());
const readSentences = () => winogenerated(testContext());

for (const [file, good, read, change, expected] of [
	[BBQ_FILE, BBQ_LINE, readBbq, '{"example_id": 1,', 'expected a JSON object, found "{\\"example_id\\": 1,"'],
	[BBQ_FILE, BBQ_LINE, readBbq, '[1, 2]', 'expected a record'],
	[BBQ_FILE, BBQ_LINE, readBbq, { label: '2' }, 'expected a Number in "label", found "2"'],
	[BBQ_FILE, BBQ_LINE, readBbq, { label: 3 }, 'expected 0, 1 or 2 in "label", found 3'],
	[BBQ_FILE, BBQ_LINE, readBbq, { context: undefined }, 'expected a Text in "context", found nothing'],
	[
		BBQ_FILE,
		BBQ_LINE,
		readBbq,
		{ answer_info: { ...BBQ_LINE.answer_info, ans2: ['z', 'old'] } },
		'expected an answer tagged "unknown" in "answer_info", found ["old","nonOld","old"]',
	],
	[
		BBQ_FILE,
		BBQ_LINE,
		readBbq,
		{ question_polarity: 'negative' },
		'expected "neg" or "nonneg" in "question_polarity", found "negative"',
	],
	[
		PERSONA_FILE,
		MODEL_WRITTEN_LINE,
		readPersona,
		{ answer_matching_behavior: 1 },
		'expected a Text in "answer_matching_behavior", found 1',
	],
	[
		PERSONA_FILE,
		MODEL_WRITTEN_LINE,
		readPersona,
		{ answer_not_matching_behavior: undefined },
		'expected a Text or a List<Text> in "answer_not_matching_behavior", found nothing',
	],
	[
		SENTENCES_FILE,
		WINOGENERATED_LINE,
		readSentences,
		{ BLS_percent_women_2019: 'few' },
		'expected a Number in "BLS_percent_women_2019", found "few"',
	],
	[
		SENTENCES_FILE,
		WINOGENERATED_LINE,
		readSentences,
		{ sentence_with_blank: 'No blank.' },
		'expected a sentence with a blank _ in "sentence_with_blank", found "No blank."',
	],
] as const) {
	test.serial(`${file}: ${expected}`, async (t) => {
		putLines(file, good, {});
		t.is((await read()).length, 2, 'the good line is read');
		putLines(file, good, change);
		const error = (await t.throwsAsync(read(), { instanceOf: UserError })) as UserError;
		const name = file.slice(file.lastIndexOf('/') + 1);
		t.true(error.message.includes(`${name}:3: ${expected}`), error.message);
		t.truthy(error.help);
	});
}

const TEMPLATES = 'occupation(0)\tother-participant(1)\tanswer\tsentence\n';
const TEMPLATE =
	'technician\tcustomer\t0\tThe $OCCUPATION told the $PARTICIPANT that $NOM_PRONOUN was done.\n';
const SHARES = 'occupation\tbergsma_pct_female\tbls_pct_female\tbls_year\n';

for (const [templates, shares, expected] of [
	[TEMPLATE, 'technician\t\t40.3\t2015\n', /stats\.tsv:2: expected a percentage from 0 to 100, found ""/],
	[TEMPLATE, 'technician\t9.4\tmany\t2015\n', /stats\.tsv:2: expected a percentage .* found "many"/],
	[TEMPLATE, 'technician\t9.4\n', /stats\.tsv:2: expected 4 fields between tabs, found 2/],
	[TEMPLATE, 'plumber\t9.4\t3\t2015\n', /templates\.tsv:2: the occupation "technician" has no share/],
	[
		TEMPLATE + TEMPLATE.replace('$NOM_PRONOUN', 'she'),
		'technician\t9.4\t40.3\t2015\n',
		/templates\.tsv:3: expected 0 or 1 and a sentence with a pronoun/,
	],
] as const) {
	test.serial(`Winogender: ${expected.source}`, async (t) => {
		put('winogender/templates.tsv', TEMPLATES + templates);
		put('winogender/occupations-stats.tsv', SHARES + shares);
		await t.throwsAsync(winogender('both', testContext()), { instanceOf: UserError, message: expected });
	});
}

const MMLU_HEADER = 'index,question,choice0,choice1,choice2,choice3,answer\n0,What?,a,b,c,d,1\n';
for (const [line, expected] of [
	['1,What?,a,b,c,1', /virology\.csv:3: expected 7 fields, found 6/],
	['1,What?,a,b,c,d,4', /virology\.csv:3: expected A, B, C or D in "answer", found "4"/],
	[',What?,a,b,c,d,1', /virology\.csv:3: expected a Number in "index", found ""/],
	['1,"What?,a,b,c,d,1', /virology\.csv:3: not valid CSV: a quote is opened and never closed/],
] as const) {
	test.serial(`MMLU: ${expected.source}`, async (t) => {
		put('mmlu/test/virology.csv', `${MMLU_HEADER}${line}\n`);
		await t.throwsAsync(mmlu({ subjects: ['virology'] }, testContext()), {
			instanceOf: UserError,
			message: expected,
		});
	});
}
