import type { Awaitable, ModelRequest, ModelResult, ResultOf, Usage } from '../../stdlib/models/provider.ts';
import { Missing } from '../../stdlib/values/missing.ts';
import { ModelHandle } from '../../stdlib/values/model.ts';
import type { Caller } from './calls/caller.ts';
import type { PriceTable } from './calls/prices.ts';
import type { Spent } from './calls/spent.ts';
import type { SurveyScope } from './context.ts';
import type { Store } from './store/store.ts';

/** The result of a call that a survey does not make: what depends on it is not known before the run. */
export const UNKNOWN = new Missing('failed', 'not known before the run', 'unknown');

/** Calls of one step, as far as they can be told without making one. */
export interface Tally {
	/** Distinct calls that the store does not have. */
	needed: number;
	/** Distinct calls that it has. */
	cached: number;
	/** Calls whose prompts depend on answers that are not there yet: how many there will be is not certain. */
	uncertain: number;
	inputTokens: number;
	outputTokens: number;
	/** null once the price of a model is not known. */
	usd: number | null;
	readonly models: Map<ModelHandle, number>;
}

export const emptyTally = (): Tally => ({
	needed: 0,
	cached: 0,
	uncertain: 0,
	inputTokens: 0,
	outputTokens: 0,
	usd: 0,
	models: new Map(),
});

/** What calls of one kind to one model took so far. */
interface Experience {
	calls: number;
	inputTokens: number;
	outputTokens: number;
}

/** Looks calls up and counts them, and makes none. */
export class SurveyCaller implements Caller {
	readonly tallies = new Map<string, Tally>();
	readonly spent: Spent = NOTHING_SPENT;
	private readonly store: Store | null;
	private readonly keys: Caller;
	private readonly prices: PriceTable;
	private readonly seen = new Set<string>();
	private readonly experience = new Map<string, Experience>();
	/** Seconds of kept calls, by model: what time is told from. */
	private readonly seconds = new Map<string, { sum: number; calls: number }>();

	/** @param keys gives calls the keys that a run would give them */
	constructor(store: Store | null, keys: Caller, prices: PriceTable) {
		this.store = store;
		this.keys = keys;
		this.prices = prices;
	}

	within(scope: string): SurveyScope {
		const tally = this.tallies.get(scope) ?? emptyTally();
		this.tallies.set(scope, tally);
		return {
			call: (model, request, sample, repeat) => this.count(tally, model, request, sample, repeat),
			skipped: (values, n) => this.countSkipped(tally, values, n),
		};
	}

	call<R extends ModelRequest>(model: ModelHandle, request: R, sample?: number, repeat?: string) {
		return this.count<R>(emptyTally(), model, request, sample, repeat);
	}

	callKey(model: ModelHandle, request: ModelRequest, sample?: number, repeat?: string): string {
		return this.keys.callKey(model, request, sample, repeat);
	}

	stop(): void {}

	drain(): Promise<void> {
		return Promise.resolve();
	}

	/** Mean seconds of this model's kept calls, or null when there are none. */
	secondsPerCall(model: ModelHandle): number | null {
		const known = this.seconds.get(modelText(model));
		return known && known.calls > 0 ? known.sum / known.calls : null;
	}

	private count<R extends ModelRequest>(
		tally: Tally,
		model: ModelHandle,
		request: R,
		sample?: number,
		repeat?: string,
	): Awaitable<ResultOf<R> | Missing> {
		const key = this.callKey(model, request, sample, repeat);
		const kept = this.store?.getResult(key);
		const first = !this.seen.has(key);
		this.seen.add(key);
		if (kept !== undefined) {
			if (first) this.learn(tally, model, request, kept, key);
			return kept as ResultOf<R> | Missing;
		}
		if (first) this.add(tally, model, this.expected(model, request), 1);
		return UNKNOWN;
	}

	private countSkipped(tally: Tally, values: readonly unknown[], n: number): void {
		const model = values.find((value) => value instanceof ModelHandle);
		tally.uncertain += n;
		if (model) this.add(tally, model, this.typical(model), n);
		else {
			tally.needed += n;
			tally.usd = null;
		}
	}

	private add(tally: Tally, model: ModelHandle, usage: Usage, calls: number): void {
		tally.needed += calls;
		tally.inputTokens += usage.inputTokens * calls;
		tally.outputTokens += usage.outputTokens * calls;
		tally.models.set(model, (tally.models.get(model) ?? 0) + calls);
		const usd = this.prices.usd(model.provider.identity, usage);
		tally.usd = usd === null || tally.usd === null ? null : tally.usd + usd * calls;
	}

	private learn(
		tally: Tally,
		model: ModelHandle,
		request: ModelRequest,
		kept: ModelResult | Missing,
		key: string,
	): void {
		tally.cached++;
		if (kept instanceof Missing) return;
		const { usage } = kept;
		const known = this.experienceOf(model, request.kind);
		known.calls++;
		known.inputTokens += usage.inputTokens;
		known.outputTokens += usage.outputTokens;
		const seconds = this.seconds.get(modelText(model)) ?? { sum: 0, calls: 0 };
		if (seconds.calls >= TIMED) return;
		this.seconds.set(modelText(model), {
			sum: seconds.sum + (this.store?.getCall(key)?.seconds ?? 0),
			calls: seconds.calls + 1,
		});
	}

	/** Four characters a token; output as such calls had it before, else all that it is allowed. */
	private expected(model: ModelHandle, request: ModelRequest): Usage {
		const inputTokens = Math.ceil(inputLength(request) / 4);
		const known = this.experienceOf(model, request.kind);
		if (known.calls > 0) return { inputTokens, outputTokens: known.outputTokens / known.calls };
		return { inputTokens, outputTokens: request.kind === 'sample' ? request.maxTokens : 1 };
	}

	/** A call of which only the model is known. */
	private typical(model: ModelHandle): Usage {
		for (const kind of ['sample', 'choose'] as const) {
			const { calls, inputTokens, outputTokens } = this.experienceOf(model, kind);
			if (calls > 0) return { inputTokens: inputTokens / calls, outputTokens: outputTokens / calls };
		}
		return { inputTokens: TYPICAL_INPUT_TOKENS, outputTokens: 1 };
	}

	private experienceOf(model: ModelHandle, kind: string): Experience {
		const key = `${kind} ${modelText(model)}`;
		const known = this.experience.get(key) ?? { calls: 0, inputTokens: 0, outputTokens: 0 };
		this.experience.set(key, known);
		return known;
	}
}

/** How many kept calls of a model are asked for their seconds. */
const TIMED = 50;
const TYPICAL_INPUT_TOKENS = 200;

const modelText = (model: ModelHandle): string => JSON.stringify(model.provider.identity);

function inputLength(request: ModelRequest): number {
	if (request.kind === 'embed') return request.text.length;
	const spoken = request.messages.reduce((sum, message) => sum + message.content.length, 0);
	if (request.kind === 'choose')
		return spoken + request.options.reduce((sum, option) => sum + option.length, 0);
	return request.kind === 'logprob' ? spoken + request.completion.length : spoken;
}

const NOTHING_SPENT: Spent = {
	usd: 0,
	unpriced: 0,
	inputTokens: 0,
	outputTokens: 0,
	calls: 0,
	cached: 0,
	hedged: 0,
	shared: 0,
	failed: 0,
	refused: 0,
	empty: 0,
	seconds: 0,
};
