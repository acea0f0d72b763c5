import type { RunContext } from '../context.ts';
import { define } from '../define.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { isMissing, Missing } from '../values/missing.ts';
import type { ModelHandle } from '../values/model.ts';
import type { Prompt } from '../values/prompt.ts';
import { allOf, andThen } from './awaitable.ts';
import { askable } from './lm/trained.ts';
import type { Awaitable, SampleResult } from './provider.ts';
import { asPrompt, checkDrawing, type Drawing, drawRequest } from './request.ts';
import { requireWhole } from './whole-number.ts';

interface SampleArgs {
	readonly model: ModelHandle | TrainedModel;
	readonly prompt: Prompt | string;
	readonly n?: number | null;
	readonly temperature: number;
	readonly top_p: number;
	readonly top_k?: number | null;
	readonly max_tokens: number;
	readonly stop?: readonly string[] | null;
	readonly seed: number;
}

/** What was written, or why there is nothing to read. */
export function textOf(result: SampleResult | Missing): string | Missing {
	if (isMissing(result)) return result;
	if (result.finish === 'refusal') return new Missing('refused', 'the model declined to answer');
	if (result.finish === 'filter' && result.text === '')
		return new Missing('refused', "the provider's filter withheld the answer");
	return result.text;
}

function sample(
	args: SampleArgs,
	context: RunContext,
): Awaitable<string | Missing | readonly (string | Missing)[]> {
	const { n } = args;
	const model = askable(args.model);
	const prompt = asPrompt(args.prompt);
	const drawing: Drawing = {
		temperature: args.temperature,
		topP: args.top_p,
		topK: args.top_k ?? undefined,
		maxTokens: args.max_tokens,
		stop: args.stop ?? [],
		seed: args.seed,
	};
	checkDrawing('sample', drawing);
	if (n === undefined || n === null)
		return andThen(context.call(model, drawRequest(prompt, drawing, 0, context), 0), textOf);
	requireWhole('sample', 'n', n);
	const calls: Awaitable<SampleResult | Missing>[] = [];
	for (let i = 0; i < n; i++) calls.push(context.call(model, drawRequest(prompt, drawing, i, context), i));
	return andThen(allOf(calls), (results) => results.map(textOf));
}

const OPTIONS =
	'temperature: Number = 1, top_p: Number = 1, top_k: Number?, max_tokens: Number = 256, stop: List<Text>?, seed: Number = study';

export const sampleDefinition = define<SampleArgs, string | Missing | readonly (string | Missing)[]>({
	name: 'Model.sample',
	signature: [
		`Model.sample(model: Model<sample>, prompt: Prompt | Text, ${OPTIONS}) -> Text`,
		`Model.sample(model: Model<sample>, prompt: Prompt | Text, n: Number, ${OPTIONS}) -> List<Text>`,
	],
	doc: `Text that the model writes after the prompt; with n, a list of that many independent draws.
temperature from 0 (always the likeliest token) up; top_p in (0, 1]; top_k draws from so many likeliest tokens only, and then top_p from those (OpenAI’s own API has none, and such a call fails); max_tokens is the most it may write; stop ends it before any of these texts. Draws are numbered, so asking for more later keeps those there are. A refusal is missing.`,
	example: 'thought = m.sample(q(x), temperature: 0.7, max_tokens: 128)',
	version: 1,
	calls: true,
	run: sample,
});
