import { setTimeout as sleep } from 'node:timers/promises';
import { define } from '../../../../stdlib/define.ts';
import type {
	Awaitable,
	ChooseRequest,
	ChooseResult,
	ModelProvider,
	SampleRequest,
	SampleResult,
} from '../../../../stdlib/models/provider.ts';
import { type AnyDefinition, type Library, library } from '../../../../stdlib/registry.ts';
import { bootstrapDefinition } from '../../../../stdlib/statistics/bootstrap.ts';
import { contrastDefinition } from '../../../../stdlib/statistics/contrast.ts';
import { meanDefinition } from '../../../../stdlib/statistics/mean.ts';
import { Choice } from '../../../../stdlib/values/choice.ts';
import { isMissing, type Missing } from '../../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../../stdlib/values/model.ts';
import { Prompt } from '../../../../stdlib/values/prompt.ts';

export interface FakeModel {
	readonly handle: ModelHandle;
	/** Prompts in the order in which they arrived. */
	readonly asked: string[];
	/** The most calls that were in flight at once. */
	peak: number;
}

export interface FakeOptions {
	readonly name?: string;
	readonly notice?: string | null;
	readonly concurrency?: number;
	/** Answers at once when absent. */
	readonly latencyMs?: (prompt: string, index: number) => number;
	/** Holds an answer back. */
	readonly until?: (prompt: string) => Promise<unknown> | null;
	/** Text of a sample, and the first option's probability of a choice; an error is thrown. */
	readonly answer?: (prompt: string, seed: number) => string | number | Error;
}

const USAGE = { inputTokens: 10, outputTokens: 1 };

/** A model that answers as it is told. */
export function fakeModel(options: FakeOptions = {}): FakeModel {
	const { name = 'fake', answer = (prompt) => prompt, latencyMs, until = () => null } = options;
	const asked: string[] = [];
	let open = 0;
	const respond = <R>(
		request: SampleRequest | ChooseRequest,
		make: (value: string | number) => R,
	): Awaitable<R> => {
		const prompt = request.messages.map((message) => message.content).join('\n');
		const index = asked.push(prompt) - 1;
		const settle = (): R => {
			const value = answer(prompt, request.kind === 'sample' ? request.seed : 0);
			if (value instanceof Error) throw value;
			return make(value);
		};
		if (!latencyMs) return settle();
		open++;
		fake.peak = Math.max(fake.peak, open);
		return Promise.all([sleep(latencyMs(prompt, index)), until(prompt)]).then(() => {
			open--;
			return settle();
		});
	};
	const max = options.concurrency ?? 8;
	const provider: ModelProvider = {
		identity: { provider: 'fake', model: name },
		capabilities: new Set(['sample', 'choose']),
		parameters: 1000,
		notice: options.notice ?? null,
		limits: {
			concurrency: { start: max, max },
			requestsPerMinute: null,
			tokensPerMinute: null,
			adaptive: false,
		},
		sample: (request) =>
			respond(request, (value): SampleResult => ({ text: String(value), finish: 'stop', usage: USAGE })),
		choose: (request) =>
			respond(request, (value): ChooseResult => {
				const p = Number(value);
				const rest = Math.log((1 - p) / (request.options.length - 1));
				return {
					logprobs: request.options.map((_, i) => (i === 0 ? Math.log(p) : rest)),
					tokens: request.options.map(() => 1),
					outside: 0,
					usage: USAGE,
				};
			}),
	};
	const fake = { handle: new ModelHandle(provider), asked, peak: 0 };
	return fake;
}

const then = <A, B>(value: Awaitable<A>, next: (value: A) => B): Awaitable<B> =>
	value instanceof Promise ? value.then(next) : next(value);

const asPrompt = (prompt: Prompt | string): Prompt =>
	prompt instanceof Prompt ? prompt : new Prompt([{ role: 'user', content: prompt }]);

interface CallArgs {
	readonly model: ModelHandle;
	readonly prompt: Prompt | string;
}

/** `ask(model, prompt)` samples one text; its seed is that of the repeat, so that repeats are draws of their own. */
const ask = define<CallArgs, string | Missing>({
	name: 'ask',
	signature: 'ask(model: Model<sample>, prompt: Prompt) -> Text',
	doc: '',
	version: 1,
	calls: true,
	run: ({ model, prompt }, context) => {
		const { messages, subjects } = asPrompt(prompt);
		const seed = context.repeat === undefined ? 0 : 1 + Number(context.repeat.split('.').at(-1));
		const request = {
			kind: 'sample',
			messages,
			subjects,
			seed,
			temperature: 1,
			topP: 1,
			maxTokens: 8,
			stop: [],
		} as const;
		return then(context.call(model, request), (result) => (isMissing(result) ? result : result.text));
	},
});

/** `pick(model, prompt, options)` is a choice. */
const pick = define<CallArgs & { readonly options: readonly string[] }, Choice | Missing>({
	name: 'pick',
	signature: 'pick(model: Model<choose>, prompt: Prompt, options: List<Text>) -> Choice',
	doc: '',
	version: 1,
	calls: true,
	run: ({ model, prompt, options }, context) => {
		const { messages, subjects } = asPrompt(prompt);
		const request = { kind: 'choose', messages, subjects, options, unconditional: false } as const;
		return then(context.call(model, request), (result) =>
			isMissing(result) ? result : new Choice(options, result.logprobs.map(Math.exp), null, RAW),
		);
	},
});

const RAW = { by: 'logprob', normalise: 'raw' } as const;

/** The library of these tests: two ways to call a model, and statistics of the real one. */
export function testLibrary(
	models: Readonly<Record<string, FakeModel>>,
	more: readonly AnyDefinition[] = [],
): Library {
	const model = define<{ readonly name: string }, ModelHandle>({
		name: 'model',
		signature: 'model(name: Text) -> Model<sample, choose>',
		doc: '',
		version: 1,
		run: ({ name }) => (models[name] as FakeModel).handle,
	});
	return library([ask, pick, model, meanDefinition, bootstrapDefinition, contrastDefinition, ...more]);
}
