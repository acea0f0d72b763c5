import type { RunContext } from '../context.ts';
import { define, UserError } from '../define.ts';
import { type ParsedChoice, parseChoice } from '../scorers/parse-choice.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { Choice, type ChoiceMethod } from '../values/choice.ts';
import { isMissing, Missing } from '../values/missing.ts';
import type { ModelHandle } from '../values/model.ts';
import type { Prompt } from '../values/prompt.ts';
import { allOf, andThen } from './awaitable.ts';
import { askable } from './lm/trained.ts';
import type { Awaitable, ChooseResult, SampleResult } from './provider.ts';
import { asPrompt, checkDrawing, drawRequest } from './request.ts';
import { textOf } from './sample.ts';
import { requireWhole } from './whole-number.ts';

type Normalise = Extract<ChoiceMethod, { by: 'logprob' }>['normalise'];

/** How `m.choose` finds the probabilities of its options. */
export type ChooseBy =
	| { readonly kind: 'choose-by'; readonly by: 'logprob'; readonly normalise: Normalise }
	| {
			readonly kind: 'choose-by';
			readonly by: 'sampling';
			readonly n: number;
			readonly temperature: number;
			readonly maxTokens: number;
	  };

const BY_LOGPROB: ChooseBy = { kind: 'choose-by', by: 'logprob', normalise: 'raw' };
const BY_SAMPLING: ChooseBy = { kind: 'choose-by', by: 'sampling', n: 20, temperature: 1, maxTokens: 32 };
const NORMALISATIONS: readonly string[] = ['raw', 'token', 'byte', 'unconditional'] satisfies Normalise[];

interface ChooseArgs {
	readonly model: ModelHandle | TrainedModel;
	readonly prompt: Prompt | string;
	readonly options: readonly string[];
	readonly by?: ChooseBy | null;
}

function choose(args: ChooseArgs, context: RunContext): Awaitable<Choice | Missing> {
	const { options } = args;
	const model = askable(args.model);
	checkOptions(options);
	const prompt = asPrompt(args.prompt);
	const by = args.by ?? (model.provider.capabilities.has('logprob') ? BY_LOGPROB : BY_SAMPLING);
	if (by.by === 'sampling') return chooseBySampling(model, prompt, options, by, context);
	const request = {
		kind: 'choose' as const,
		messages: prompt.messages,
		options,
		unconditional: by.normalise === 'unconditional',
		subjects: prompt.subjects,
	};
	return andThen(context.call(model, request), (result) =>
		isMissing(result) ? result : choiceFromLogprobs(options, result, by.normalise),
	);
}

function checkOptions(options: readonly string[]): void {
	if (options.length === 0)
		throw new UserError('choose: there are no options', 'give at least two, such as options: ["a", "b"]');
	const twice = options.find((option, i) => options.indexOf(option) !== i);
	if (twice !== undefined) throw new UserError(`choose: the option ${JSON.stringify(twice)} is there twice`);
	if (options.includes('')) throw new UserError('choose: an option is empty');
}

/** Normalises over the options: softmax of the (adjusted) log-probabilities. */
export function choiceFromLogprobs(
	options: readonly string[],
	result: ChooseResult,
	normalise: Normalise,
): Choice | Missing {
	const scores = options.map((option, i) => adjusted(option, result, i, normalise));
	const top = Math.max(...scores);
	if (!Number.isFinite(top)) {
		return new Missing('unparsed', 'the model gave no visible probability to any of the options', 'outside');
	}
	const weights = scores.map((score) => Math.exp(score - top));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	const probs = weights.map((weight) => weight / total);
	return new Choice(options, probs, result.outside, { by: 'logprob', normalise });
}

function adjusted(option: string, result: ChooseResult, i: number, normalise: Normalise): number {
	const logprob = result.logprobs[i] ?? Number.NEGATIVE_INFINITY;
	switch (normalise) {
		case 'raw':
			return logprob;
		case 'token':
			return logprob / Math.max(1, result.tokens[i] ?? 1);
		case 'byte':
			return logprob / Buffer.byteLength(option);
		case 'unconditional':
			return logprob - (result.unconditionalLogprobs?.[i] ?? 0);
	}
}

function chooseBySampling(
	model: ModelHandle,
	prompt: Prompt,
	options: readonly string[],
	by: Extract<ChooseBy, { by: 'sampling' }>,
	context: RunContext,
): Awaitable<Choice | Missing> {
	const drawing = {
		temperature: by.temperature,
		topP: 1,
		maxTokens: by.maxTokens,
		stop: [],
		seed: context.seed,
	};
	const calls: Awaitable<SampleResult | Missing>[] = [];
	for (let i = 0; i < by.n; i++) calls.push(context.call(model, drawRequest(prompt, drawing, i, context), i));
	return andThen(allOf(calls), (results) => choiceFromAnswers(options, results));
}

/** Shares of the answers that could be read. Failed calls are no answers; unreadable ones and refusals lie outside. */
export function choiceFromAnswers(
	options: readonly string[],
	results: readonly (SampleResult | Missing)[],
): Choice | Missing {
	const counts = new Array<number>(options.length).fill(0);
	let read = 0;
	let outside = 0;
	let refused = 0;
	let failure: Missing | null = null;
	for (const result of results) {
		const parsed = parseAnswer(result, options);
		if (parsed.kind === 'option') {
			counts[parsed.index] = (counts[parsed.index] as number) + 1;
			read++;
		} else if (parsed.kind === 'failed') {
			failure ??= parsed.missing;
		} else {
			outside++;
			if (parsed.kind === 'refused') refused++;
		}
	}
	if (read === 0) return noAnswer(outside, refused, failure);
	const answered = read + outside;
	const probs = counts.map((count) => count / read);
	return new Choice(options, probs, outside / answered, { by: 'sampling', n: answered });
}

function parseAnswer(
	result: SampleResult | Missing,
	options: readonly string[],
): ParsedChoice | { readonly kind: 'failed'; readonly missing: Missing } {
	const text = textOf(result);
	if (typeof text === 'string') return parseChoice(text, options);
	return text.reason === 'refused' ? { kind: 'refused' } : { kind: 'failed', missing: text };
}

function noAnswer(outside: number, refused: number, failure: Missing | null): Missing {
	if (outside === 0 && failure) return failure;
	if (refused > outside / 2)
		return new Missing('refused', `the model declined to choose, ${refused} of ${outside} times`);
	return new Missing('unparsed', `none of the options could be read from any of ${outside} answers`);
}

export const chooseDefinition = define<ChooseArgs, Choice | Missing>({
	name: 'Model.choose',
	signature: [
		'Model.choose(model: Model<choose, logprob>, prompt: Prompt | Text, options: List<Text>, by: ChooseBy<logprob>) -> Choice',
		'Model.choose(model: Model<choose>, prompt: Prompt | Text, options: List<Text>, by: ChooseBy<sampling>) -> Choice',
		'Model.choose(model: Model<choose>, prompt: Prompt | Text, options: List<Text>) -> Choice',
	],
	doc: `The model's probabilities of the options as continuations of the prompt, normalised over them.
An option is scored exactly as written: a leading space belongs to it. by: logprob reads token log-probabilities of each whole option; by: sampling(n: 20) asks n times and reads the answers. Without by it is logprob where the model returns log-probabilities, else sampling(n: 20). The result says which was used and what probability lay outside the options. When no answer can be read it is missing.`,
	cite: 'arXiv:2207.05221, section 2',
	example: 'choice = m.choose(q(x) + assistant "The answer is (", options: ["a", "b", "c"])',
	version: 2,
	calls: true,
	run: choose,
});

export const logprobBy = define<{ normalise: string }, ChooseBy>({
	name: 'logprob',
	signature: 'logprob(normalise: Text = "raw") -> ChooseBy<logprob>',
	doc: `Choosing by the log-probability of each option.
normalise says what is compared: "raw" the joint log-probability, "token" or "byte" that divided by the option's length, "unconditional" its difference from the option's log-probability without the prompt.`,
	cite: 'raw, token, byte and unconditional as in Brown et al. 2020 (arXiv:2005.14165), section 2.4',
	example: 'm.choose(q(x), options: ["Yes", "No"], by: logprob)',
	completions: { normalise: NORMALISATIONS },
	version: 1,
	run({ normalise }) {
		if (!NORMALISATIONS.includes(normalise)) {
			throw new UserError(
				`logprob: there is no normalise: "${normalise}"`,
				`it is one of ${NORMALISATIONS.join(', ')}`,
			);
		}
		return { kind: 'choose-by', by: 'logprob', normalise: normalise as Normalise };
	},
});

export const samplingBy = define<{ n: number; temperature: number; max_tokens: number }, ChooseBy>({
	name: 'sampling',
	signature:
		'sampling(n: Number = 20, temperature: Number = 1, max_tokens: Number = 32) -> ChooseBy<sampling>',
	doc: 'Choosing by how often each option is answered in n draws: for models that return no log-probabilities.',
	example: 'm.choose(q(x), options: ["Yes", "No"], by: sampling(n: 40))',
	version: 1,
	run({ n, temperature, max_tokens }) {
		requireWhole('sampling', 'n', n);
		checkDrawing('sampling', { temperature, topP: 1, maxTokens: max_tokens, stop: [], seed: 0 });
		return { kind: 'choose-by', by: 'sampling', n, temperature, maxTokens: max_tokens };
	},
});
