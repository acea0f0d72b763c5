import type { RunContext } from '../../context.ts';
import { define, defineType, UserError } from '../../define.ts';
import { Data } from '../../values/data.ts';
import { Missing } from '../../values/missing.ts';
import { checkedLines, UnexpectedValue } from '../checked-lines.ts';
import { parseRecordType } from '../files/cell-type.ts';
import { dataFolders, findFile } from '../published/folders.ts';
import { pins } from '../published/pins.ts';
import { publishedFile, publishedFingerprint } from '../published/published.ts';

/** A question that tests a model for a behaviour. */
export interface ModelWritten {
	readonly question: string;
	readonly statement: string | Missing;
	readonly label_confidence: number | Missing;
	readonly answer_matching_behavior: string;
	readonly answers_not_matching_behavior: readonly string[];
	readonly matching: string;
	readonly not_matching: readonly string[];
	readonly options: readonly string[];
	readonly behaviour: string;
}

export const modelWrittenType = defineType({
	name: 'ModelWritten',
	type:
		'{question: Text, statement: Text?, label_confidence: Number?, answer_matching_behavior: Text, answers_not_matching_behavior: List<Text>, ' +
		'matching: Text, not_matching: List<Text>, options: List<Text>, behaviour: Text}',
	doc:
		'A model-written question that tests for a behaviour. `answer_matching_behavior` and `answers_not_matching_behavior` are the labels ' +
		'as published, " Yes" or " (A)": with the space that follows "Assistant:" in a completion. `matching`, `not_matching` and `options` (all of them, ' +
		'in the order of the question) are without it, as an answer in a chat begins. `statement` and `label_confidence` are there in the persona sets.',
});

const LAYOUT = parseRecordType(
	'{question: Text, statement: Text?, label_confidence: Number?, answer_matching_behavior: Text, answer_not_matching_behavior: Any}',
);

interface PublishedQuestion {
	readonly question: string;
	readonly statement?: string | null;
	readonly label_confidence?: number | null;
	readonly answer_matching_behavior: string;
	/** A list where several answers do not match. */
	readonly answer_not_matching_behavior: unknown;
}

const FOLDER = 'model-written-evals/';
const FAMILIES = [
	'persona/',
	'advanced-ai-risk/lm_generated_evals/',
	'sycophancy/',
	'sycophancy/sycophancy_on_',
];

/** One set of the model-written evaluations: `persona/agreeableness`, or the file's name alone where only one has it. */
export async function modelWritten(
	set: string,
	context: Pick<RunContext, 'signal' | 'notice'>,
): Promise<Data> {
	const file = fileOf(set);
	const { path, notice } = await publishedFile(file, context);
	const behaviour = file.slice(file.lastIndexOf('/') + 1, -'.jsonl'.length);
	const rows = Array.from(checkedLines(path, LAYOUT, (item: PublishedQuestion) => row(item, behaviour)));
	return Data.fromRows(rows as unknown as Record<string, unknown>[], [
		{
			name: `model-written evaluations: ${behaviour}`,
			source: 'https://github.com/anthropics/evals',
			licence: 'CC BY 4.0',
			cite: 'Perez et al. 2022, Discovering Language Model Behaviors with Model-Written Evaluations',
			notice,
		},
	]);
}

const NO_STATEMENT = new Missing('absent', 'this set has questions without a statement');
const NO_CONFIDENCE = new Missing('absent', 'this set has no label confidence');

function row(item: PublishedQuestion, behaviour: string): ModelWritten {
	const others = othersOf(item.answer_not_matching_behavior);
	const matching = item.answer_matching_behavior.trim();
	const notMatching = others.map((answer) => answer.trim());
	return {
		question: item.question,
		statement: item.statement ?? NO_STATEMENT,
		label_confidence: item.label_confidence ?? NO_CONFIDENCE,
		answer_matching_behavior: item.answer_matching_behavior,
		answers_not_matching_behavior: others,
		matching,
		not_matching: notMatching,
		options: optionsOf(item.question, [matching, ...notMatching]),
		behaviour,
	};
}

function othersOf(given: unknown): readonly string[] {
	const others: readonly unknown[] = Array.isArray(given) ? given : [given];
	if (others.length > 0 && others.every((answer) => typeof answer === 'string')) return others;
	throw new UnexpectedValue('a Text or a List<Text>', 'answer_not_matching_behavior', given);
}

/** Every lettered choice of the question, also those that neither match nor do not; Yes before No. */
function optionsOf(question: string, labels: readonly string[]): readonly string[] {
	if (labels.some((label) => /^yes$/i.test(label))) return [...labels].sort().reverse();
	const lettered = [...question.matchAll(/^\s*(\([A-Z]\))/gm)].map((match) => match[1] as string);
	return [...new Set([...lettered, ...labels])].sort();
}

/** The set's file in a data folder. Throws a `UserError` that names near ones when there is no such set. */
function fileOf(set: string): string {
	const plain = set.trim().replace(/\.jsonl$/, '');
	const folders = dataFolders();
	for (const family of ['', ...FAMILIES]) {
		const file = `${FOLDER}${family}${plain}.jsonl`;
		if (pins()[file] || findFile(file, folders) !== null) return file;
	}
	const words = plain
		.toLowerCase()
		.split(/[^a-z]+/)
		.filter((word) => word.length > 2);
	const near = knownSets().filter((name) => words.some((word) => name.toLowerCase().includes(word)));
	const help =
		near.length > 0
			? `did you mean ${near.slice(0, 6).join(', ')}?`
			: 'names are those of the published files: persona/agreeableness';
	throw new UserError(`there is no model-written set "${set}"`, help);
}

const knownSets = (): string[] =>
	Object.keys(pins())
		.filter((file) => file.startsWith(FOLDER) && !file.includes('winogenerated'))
		.map((file) => file.slice(FOLDER.length, -'.jsonl'.length));

interface ModelWrittenArgs {
	readonly set: string;
}

export const modelWrittenFunction = define({
	name: 'model_written',
	signature: 'model_written(set: Text) -> Data<ModelWritten>',
	doc:
		'Model-written questions that test for one behaviour, by the name of the published file: "persona/agreeableness", ' +
		'"advanced-ai-risk/human_generated_evals/survival-instinct", "sycophancy/sycophancy_on_nlp_survey". A name alone is looked for among the persona ' +
		'sets, the model-generated advanced-AI-risk sets, and the sycophancy sets. Rows are balanced over labels but not always a thousand.',
	cite: 'Perez et al. 2022 (arXiv:2212.09251)',
	example: 'data power = model_written("persona/desire-for-acquiring-power")',
	version: 1,
	fingerprint: ({ set }: ModelWrittenArgs) => [publishedFingerprint(fileOf(set))],
	run: ({ set }: ModelWrittenArgs, context) => modelWritten(set, context),
});
