import type { Budget } from '../../../../dsl/plan/plan.ts';
import { type CallerOptions, createCaller } from '../../../../kernel/engine/calls/caller.ts';
import type { Clock } from '../../../../kernel/engine/calls/clock.ts';
import type { RunEvent } from '../../../../kernel/engine/events.ts';
import type {
	Awaitable,
	ModelIdentity,
	ModelProvider,
	ProviderLimits,
	SampleRequest,
	SampleResult,
} from '../../../../stdlib/models/provider.ts';
import { ModelHandle } from '../../../../stdlib/values/model.ts';

/** A clock whose hands are turned by `advance`; timers fire in their order, and what they cause settles in between. */
export class ManualClock implements Clock {
	private time = 0;
	private timers: { at: number; fire: () => void }[] = [];

	now(): number {
		return this.time;
	}

	wall(): number {
		return 1_700_000_000_000 + this.time;
	}

	after(ms: number, fire: () => void): () => void {
		const timer = { at: this.time + ms, fire };
		this.timers.push(timer);
		return () => {
			this.timers = this.timers.filter((other) => other !== timer);
		};
	}

	get pending(): number {
		return this.timers.length;
	}

	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		await settled();
		for (;;) {
			const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
			if (!next) break;
			this.timers = this.timers.filter((timer) => timer !== next);
			this.time = Math.max(this.time, next.at);
			next.fire();
			await settled();
		}
		this.time = end;
	}
}

/** Lets everything happen that promises have made possible. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface Pending {
	readonly request: SampleRequest;
	readonly signal: AbortSignal;
	answer(text?: string): void;
	fail(error: Error): void;
}

const LIMITS: ProviderLimits = {
	concurrency: { start: 4, max: 100 },
	requestsPerMinute: null,
	tokensPerMinute: null,
	adaptive: true,
};

/** A provider whose calls stay open until the test answers them, or that answers by a function. */
export class ScriptedProvider implements ModelProvider {
	readonly capabilities = new Set(['sample'] as const);
	readonly parameters = null;
	readonly notice = null;
	readonly identity: ModelIdentity;
	readonly limits: ProviderLimits;
	readonly pending: Pending[] = [];
	started = 0;
	inFlight = 0;
	peak = 0;
	prepare?: (signal: AbortSignal) => Promise<void>;
	reply: ((request: SampleRequest, call: number) => Awaitable<SampleResult>) | null = null;

	constructor(options: { identity?: Partial<ModelIdentity>; limits?: Partial<ProviderLimits> } = {}) {
		this.identity = { provider: 'scripted', model: 'scripted-1', ...options.identity };
		this.limits = { ...LIMITS, ...options.limits };
	}

	answerAll(): void {
		for (const call of this.pending.slice()) call.answer();
	}

	sample(request: SampleRequest, signal: AbortSignal): Awaitable<SampleResult> {
		const call = this.started++;
		if (this.reply) return this.reply(request, call);
		this.inFlight++;
		this.peak = Math.max(this.peak, this.inFlight);
		return new Promise((resolve, reject) => {
			const end = (): void => {
				this.inFlight--;
				this.pending.splice(this.pending.indexOf(pending), 1);
			};
			const pending: Pending = {
				request,
				signal,
				answer: (text = 'yes') => {
					end();
					resolve(answerOf(text));
				},
				fail: (error) => {
					end();
					reject(error);
				},
			};
			this.pending.push(pending);
			signal.addEventListener('abort', () => this.pending.includes(pending) && pending.fail(signal.reason));
		});
	}
}

export const answerOf = (
	text: string,
	usage = { inputTokens: 10, outputTokens: 5 },
	finish: SampleResult['finish'] = 'stop',
): SampleResult => ({ text, finish, usage });

export const requestOf = (content: string, changes: Partial<SampleRequest> = {}): SampleRequest => ({
	kind: 'sample',
	messages: [{ role: 'user', content }],
	temperature: 0,
	topP: 1,
	maxTokens: 20,
	stop: [],
	seed: 1,
	subjects: [],
	...changes,
});

export const NO_LIMITS: Budget = { usd: null, tokens: null, calls: null, seconds: null };

/** A caller over a scripted provider and a manual clock, with all that it says. */
export function scripted(options: Partial<CallerOptions> & { provider?: ScriptedProvider } = {}) {
	const provider = options.provider ?? new ScriptedProvider();
	const clock = new ManualClock();
	const events: RunEvent[] = [];
	const controller = new AbortController();
	const caller = createCaller({
		store: null,
		budget: NO_LIMITS,
		onEvent: (event) => events.push(event),
		signal: controller.signal,
		clock,
		...options,
	});
	const model = new ModelHandle(provider);
	return { provider, clock, events, controller, caller, model };
}

/** A promise's state without waiting for it. */
export function watch<T>(awaitable: Awaitable<T>): { value?: T; error?: unknown } {
	const seen: { value?: T; error?: unknown } = {};
	Promise.resolve(awaitable).then(
		(value) => {
			seen.value = value;
		},
		(error: unknown) => {
			seen.error = error;
		},
	);
	return seen;
}
