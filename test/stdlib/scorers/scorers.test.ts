import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readCsv } from '../../../stdlib/data/files/csv.ts';
import { readJsonl } from '../../../stdlib/data/files/jsonl.ts';
import { UserError } from '../../../stdlib/define.ts';
import type { ModelRequest, SampleRequest } from '../../../stdlib/models/provider.ts';
import { gradingPrompt } from '../../../stdlib/scorers/graded.ts';
import { scorers } from '../../../stdlib/scorers/index.ts';
import { isNear, numberIn, numbersIn } from '../../../stdlib/scorers/numeric.ts';
import { extract } from '../../../stdlib/scorers/regex.ts';
import { exact, matches, normalise, normalised } from '../../../stdlib/scorers/text-match.ts';
import { krippendorffAlpha } from '../../../stdlib/statistics/agreement.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { ModelHandle } from '../../../stdlib/values/model.ts';
import { testContext } from '../../helpers/run-context.ts';

const run = (name: string, args: Record<string, unknown>, context = testContext()): unknown =>
	scorers.find((definition) => definition.name === name)?.run(args, context);

test('exact is to the letter, normalised is not', (t) => {
	t.true(exact(' Mars\n', 'Mars'));
	t.false(exact('mars', 'Mars'));
	t.true(exact('b', ['a', 'b']));
	t.is(normalise('The “Red”  planet, a.k.a.\nMARS!'), 'red planet aka mars');
	t.true(normalised('the Mars.', 'Mars'));
	t.false(normalised('Mars and Venus', 'Mars'));
	t.true(normalised('1,163', '1163'));
	t.false(normalised('', 'Mars'));
});

test('matches finds the words of the target in a row, and only whole ones', (t) => {
	t.true(matches('I think it is the paralysis of facial muscles, yes.', 'Paralysis of the facial muscles.'));
	t.true(matches('The answer is 1,163.', '1163'));
	t.true(matches('It was Ulysses S. Grant', ['Grant', 'Lincoln']));
	t.false(matches('Marsupials', 'Mars'));
	t.false(matches('facial paralysis of muscles', 'paralysis of facial muscles'));
	t.false(matches('', 'Mars'));
	t.true(matches('It is +', '+'), 'a target that is only a symbol is looked for as written');
	t.false(matches('anything', ''));
});

test('numbers are read with signs, thousands, decimals and exponents', (t) => {
	t.deepEqual(numbersIn('13 plus 88 is 101.'), [13, 88, 101]);
	t.deepEqual(
		numbersIn('$1,234.50 and -3 and −4, 10-20, .5, 2e3, 1,2,3, x2, 50%'),
		[1234.5, -3, -4, 10, 20, 0.5, 2000, 1, 2, 3, 50],
	);
	t.deepEqual(numbersIn('none'), []);
	t.is(numberIn('so 3 + 4 = 7', 'first'), 3);
	t.is(numberIn('#### 1,163'), 1163);
	t.like(numberIn('seven'), { reason: 'unparsed' });
});

test('numeric allows a tolerance, and an answer without a number is missing', (t) => {
	t.is(run('numeric', { answer: 'It is 1,163.', target: 1163 }), true);
	t.is(run('numeric', { answer: 'It is 1,164.', target: 1163 }), false);
	t.is(run('numeric', { answer: '1164', target: 1163, tolerance: 1 }), true);
	t.is(run('numeric', { answer: '1164', target: 'She has 1,164 #### 1164' }), true);
	t.true(run('numeric', { answer: 'many', target: 1 }) instanceof Missing);
	t.true(isNear(99, 100, { relative: 0.01 }));
	t.false(isNear(98.9, 100, { relative: 0.01 }));
	t.throws(() => run('numeric', { answer: '1', target: 1, which: 'middle' }), { instanceOf: UserError });
});

test('a regular expression gives its group, and nothing found is missing', (t) => {
	t.is(extract('the answer is (b)', 'is \\((\\w)\\)'), 'b');
	t.is(extract('abc 12', '\\d+'), '12');
	t.is(extract('a=1, b=2', 'a=(\\d), b=(?<second>\\d)', 2), '2');
	t.is(extract('a=1, b=2', 'a=(\\d), b=(?<second>\\d)', 'second'), '2');
	t.like(extract('nothing', '\\d'), { reason: 'unparsed' });
	t.like(extract('a', 'a(b)?'), { reason: 'unparsed' });
	t.throws(() => extract('x', '('), { instanceOf: UserError, message: /is not a regular expression/ });
	t.throws(() => extract('x1', '(\\d)', 3), { instanceOf: UserError, message: /has no group 3/ });
});

test('a pattern that would search for ages is stopped, and its row is missing', (t) => {
	const start = performance.now();
	for (const pattern of ['^(a+)+$', '^(?:a|a)*$']) {
		t.like(extract(`${'a'.repeat(39)}!`, pattern), { reason: 'failed' }, pattern);
	}
	t.true(performance.now() - start < 5000);
});

const judge = (name: string): ModelHandle => ({ name }) as unknown as ModelHandle;

/** Judges that answer by name; what they were asked is kept. */
function judged(answers: Readonly<Record<string, string | Missing>>) {
	const asked: SampleRequest[] = [];
	const call = (model: ModelHandle, request: ModelRequest): never => {
		asked.push(request as SampleRequest);
		const text = answers[model.name] as string | Missing;
		return (
			text instanceof Missing ? text : { text, finish: 'stop', usage: { inputTokens: 0, outputTokens: 0 } }
		) as never;
	};
	return { asked, context: testContext({ call }) };
}

const graded = { question: 'Which planet is red?', answer: 'Mars', target: 'Mars' };

test('a judge is shown question, answer, reference and criterion, and its last line is the grade', (t) => {
	const { asked, context } = judged({ j: 'It could be incorrect, but no.\nGrade: **correct**' });
	t.is(run('graded', { judge: judge('j'), ...graded }, context), 'correct');
	t.is(asked[0]?.temperature, 0);
	t.is(
		asked[0]?.messages[0]?.content,
		gradingPrompt({
			...graded,
			rubric: 'The answer is right.',
			labels: ['correct', 'incorrect'],
			reasoning: true,
		}).messages[0]?.content,
	);
	t.is(
		asked[0]?.messages[0]?.content,
		'You grade an answer to a question.\n\n<question>\nWhich planet is red?\n</question>\n\n<answer>\nMars\n</answer>\n\n' +
			'<reference>\nMars\n</reference>\n\n<criterion>\nThe answer is right.\n</criterion>\n\nThe grades are: correct, incorrect.\n\n' +
			'Reason step by step about the criterion. Then end with a line of the form "Grade: …".',
	);
});

test('several judges give a list, whose agreement can be measured; unreadable grades and failures are missing', (t) => {
	const failed = new Missing('failed', 'the call failed');
	const { context } = judged({
		a: 'Grade: good',
		b: 'good',
		c: 'Grade: good or bad',
		d: failed,
		e: "I'm sorry, but I cannot judge this.",
	});
	const judges = ['a', 'b', 'c', 'd', 'e'].map(judge);
	const grades = run(
		'graded',
		{ judges, ...graded, labels: ['good', 'bad'], rubric: 'r' },
		context,
	) as readonly unknown[];
	t.deepEqual(grades.slice(0, 2), ['good', 'good']);
	t.deepEqual(
		grades.slice(2).map((grade) => (grade as Missing).reason),
		['unparsed', 'failed', 'refused'],
	);
	const alpha = krippendorffAlpha([grades, ['bad', 'bad', failed, failed, failed]]);
	t.is(alpha.value, 1);
	t.throws(() => run('graded', { judge: judge('a'), ...graded, labels: ['only'] }, context), {
		instanceOf: UserError,
	});
});

test('ratings are joined from a file by key', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'assay-ratings-'));
	writeFileSync(join(folder, 'r.csv'), 'item,rater,score\n7,x,3\n7,y,4\n8,x,5\n9,x,\n');
	writeFileSync(join(folder, 'r.jsonl'), '{"id":"q1","rating":"good"}\n');
	const labels = await readJsonl(join(folder, 'r.jsonl'), null);
	const scores = { data: await readCsv(join(folder, 'r.csv'), null), key: 'item', value: 'score' };
	t.is(run('rating', { data: labels, id: 'q1' }), 'good');
	t.is(run('rating', { ...scores, id: 8 }), 5);
	t.deepEqual(run('ratings', { ...scores, id: '7' }), [3, 4]);
	t.like(run('rating', { data: labels, id: 'q2' }), { reason: 'absent' });
	t.like(run('ratings', { ...scores, id: 9 }), { reason: 'absent' }, 'an empty cell is no rating');
	t.throws(() => run('rating', { ...scores, id: 7 }), {
		instanceOf: UserError,
		message: 'there are 2 ratings for 7',
	});
	t.throws(() => run('rating', { ...scores, id: 7, key: 'id' }), {
		instanceOf: UserError,
		message: 'the ratings have no column "id"',
	});
});
