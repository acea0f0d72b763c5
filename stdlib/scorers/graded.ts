import type { RunContext } from '../context.ts';
import { define, UserError } from '../define.ts';
import { allOf, andThen } from '../models/awaitable.ts';
import type { Awaitable } from '../models/provider.ts';
import { drawRequest } from '../models/request.ts';
import { textOf } from '../models/sample.ts';
import { isMissing, Missing } from '../values/missing.ts';
import type { ModelHandle } from '../values/model.ts';
import { Prompt } from '../values/prompt.ts';
import { chosenOption } from './letter.ts';

/** What a judge is shown, and what it may say. */
export interface Grading {
	readonly question: string;
	readonly answer: string;
	/** What the grades mean: when an answer deserves which. */
	readonly rubric: string;
	/** A right answer to compare with, or null. */
	readonly target: string | null;
	readonly labels: readonly string[];
	/** Whether the judge reasons before it grades. */
	readonly reasoning: boolean;
}

const LABELS: readonly string[] = ['correct', 'incorrect'];

/** The judge's prompt. What is graded stands between tags, so that it cannot pass for the instruction. */
export function gradingPrompt(grading: Grading): Prompt {
	const { question, answer, rubric, target, labels, reasoning } = grading;
	const parts = [
		'You grade an answer to a question.',
		`<question>\n${question}\n</question>`,
		`<answer>\n${answer}\n</answer>`,
		...(target === null ? [] : [`<reference>\n${target}\n</reference>`]),
		`<criterion>\n${rubric}\n</criterion>`,
		`The grades are: ${labels.join(', ')}.`,
		reasoning
			? 'Reason step by step about the criterion. Then end with a line of the form "Grade: …".'
			: 'Say one of the grades and nothing else.',
	];
	return new Prompt(
		[{ role: 'user', content: parts.join('\n\n') }],
		[{ kind: 'grading', ...grading }, answer],
	);
}

/** One judge's grade, drawn at temperature 0; missing where the judge fails, refuses, or gives no grade that can be read. */
export function graded(
	judge: ModelHandle,
	grading: Grading,
	maxTokens: number,
	context: RunContext,
): Awaitable<string | Missing> {
	const drawing = { temperature: 0, topP: 1, maxTokens, stop: [], seed: context.seed };
	const request = drawRequest(gradingPrompt(grading), drawing, 0, context);
	return andThen(context.call(judge, request, 0), (result) => {
		const text = textOf(result);
		return isMissing(text) ? text : gradeIn(text, grading.labels);
	});
}

/** The last line that gives a grade counts; a judge that gives none is read as a whole. */
function gradeIn(text: string, labels: readonly string[]): string | Missing {
	const statement = text.match(/.*\bgrade\b\W*:\W*(.+)/is)?.[1];
	if (statement === undefined) return chosenOption(text, labels);
	const grade = chosenOption(statement.split('\n')[0] as string, labels);
	return isMissing(grade)
		? new Missing('unparsed', `the judge's grade could not be read: ${statement.slice(0, 80)}`)
		: grade;
}

interface GradedArgs {
	readonly judge?: ModelHandle;
	readonly judges?: readonly ModelHandle[];
	readonly question: string;
	readonly answer: string;
	readonly rubric: string;
	readonly target?: string | null;
	readonly labels?: readonly string[] | null;
	readonly reasoning?: boolean;
	readonly max_tokens?: number;
}

const REST =
	'question: Text, answer: Text, rubric: Text = "The answer is right.", target: Text?, labels: List<Text>?, reasoning: Bool = true, ' +
	'max_tokens: Number = 512';

export const gradedDefinition = define({
	name: 'graded',
	signature: [
		`graded(judge: Model<sample>, ${REST}) -> Text`,
		`graded(judges: List<Model<sample>>, ${REST}) -> List<Text>`,
	],
	doc:
		'A grade that a model gives an answer: one of `labels`, "correct" and "incorrect" when left out. `rubric` says what is judged, `target` is a ' +
		"right answer to compare with. The judge reasons first unless reasoning: false, at temperature 0. With `judges` a list of each one's grade, for " +
		'krippendorff_alpha. A grade that cannot be read, a refusal and a failed call are missing.',
	cite: 'Zheng et al. 2023 (arXiv:2306.05685)',
	example: 'grade = graded(judge, x.question, answer, target: x.answer_text)',
	version: 2,
	calls: true,
	run: ({ judge, judges, rubric = 'The answer is right.', ...args }: GradedArgs, context: RunContext) => {
		const labels = args.labels ?? LABELS;
		if (labels.length < 2)
			throw new UserError('graded needs at least two labels', 'write labels: ["good", "bad"]');
		const { question, answer, target = null, reasoning = true, max_tokens = 512 } = args;
		const grading = { question, answer, rubric, target, labels, reasoning };
		const grade = (model: ModelHandle) => graded(model, grading, max_tokens, context);
		return judges ? allOf(judges.map(grade)) : grade(judge as ModelHandle);
	},
});
