import type { RunEvent } from '../engine/events.ts';
import { compactCount } from './amounts.ts';

export interface StepProgress {
	readonly id: string;
	done: number;
	/** null until it is known. */
	total: number | null;
	failed: number;
	/** What else there is to say of it: a training run's loss and throughput. */
	note: string | null;
	/** Recent (time in ms, rows done), oldest first. */
	readonly pace: Pace;
}

/** How fast a count grows, over the last seconds only: kept rows at the start of a step say nothing of the rest. */
export class Pace {
	private readonly samples: { readonly at: number; readonly count: number }[] = [];

	add(at: number, count: number): void {
		this.samples.push({ at, count });
		while (this.samples.length > 2 && at - (this.samples[1]?.at ?? at) >= WINDOW_MS) this.samples.shift();
	}

	/** Per second; null until two seconds have been seen. */
	get perSecond(): number | null {
		const first = this.samples[0];
		const last = this.samples.at(-1);
		if (!first || !last || last.at - first.at < 2000) return null;
		return ((last.count - first.count) * 1000) / (last.at - first.at);
	}
}

const WINDOW_MS = 15_000;

/** A remark on the traffic is shown for this long. */
const NOTE_MS = 6000;

/** What a run's events add up to; costs the same however many there are. */
export class ProgressTally {
	/** Requests made, failed ones included. */
	calls = 0;
	cached = 0;
	shared = 0;
	failed = 0;
	refused = 0;
	tokens = 0;
	usd = 0;
	/** Calls made whose price is not known. */
	unpriced = 0;
	retries = 0;
	/** Steps that are neither done nor failed, in the plan's order. */
	readonly toGo = new Set<string>();
	/** Steps at work, in the order in which they began. */
	readonly active = new Map<string, StepProgress>();
	readonly callPace = new Pace();
	readonly tokenPace = new Pace();
	private note: { readonly text: string; readonly until: number } | null = null;

	add(event: RunEvent, now: number): void {
		if (event.type === 'call-finished') this.addCall(event);
		else if (event.type === 'step-progress') this.addProgress(event);
		else if (event.type === 'training') this.addTraining(event);
		else if (event.type === 'run-started') for (const { id } of event.steps) this.toGo.add(id);
		else if (event.type === 'step-finished' || event.type === 'step-failed') this.finish(event.step);
		else if (event.type === 'retry') {
			this.retries++;
			const seconds = Math.max(1, Math.ceil(event.waitMs / 1000));
			this.note = { text: `${event.reason}: retry in ${seconds} s`, until: now + NOTE_MS };
		} else if (event.type === 'concurrency') {
			this.note = { text: `${event.limit} at a time`, until: now + NOTE_MS };
		}
	}

	/** Takes the counts of this moment for the paces. */
	sample(now: number): void {
		this.callPace.add(now, this.calls);
		this.tokenPace.add(now, this.tokens);
		for (const step of this.active.values()) step.pace.add(now, step.done);
	}

	noteAt(now: number): string | null {
		return this.note && now < this.note.until ? this.note.text : null;
	}

	/** Seconds until the slowest step at work is done; null when that cannot be told. */
	get secondsLeft(): number | null {
		let longest: number | null = null;
		for (const { done, total, pace } of this.active.values()) {
			if (total === null || done >= total) continue;
			const speed = pace.perSecond;
			if (speed === null || speed <= 0) return null;
			longest = Math.max(longest ?? 0, (total - done) / speed);
		}
		return longest;
	}

	private addCall(event: Extract<RunEvent, { type: 'call-finished' }>): void {
		if (event.outcome === 'cached') this.cached++;
		else if (event.outcome === 'shared') this.shared++;
		else {
			this.calls++;
			if (event.outcome === 'failed') this.failed++;
			if (event.outcome === 'refused') this.refused++;
			this.tokens += event.inputTokens + event.outputTokens;
			if (event.usd !== null) this.usd += event.usd;
			else if (event.outcome !== 'failed') this.unpriced++;
		}
	}

	private addTraining({ step, loss, examplesPerSecond }: Extract<RunEvent, { type: 'training' }>): void {
		const known = this.active.get(step);
		if (!known) return;
		const speed = examplesPerSecond === null ? '' : ` · ${compactCount(examplesPerSecond)} examples/s`;
		known.note = `loss ${loss.toPrecision(3)}${speed}`;
	}

	private finish(step: string): void {
		this.active.delete(step);
		this.toGo.delete(step);
	}

	private addProgress({ step, done, total, failed }: Extract<RunEvent, { type: 'step-progress' }>): void {
		const known = this.active.get(step);
		if (known) Object.assign(known, { done, total, failed });
		else this.active.set(step, { id: step, done, total, failed, note: null, pace: new Pace() });
	}
}
