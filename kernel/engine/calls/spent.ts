import type { Usage } from '../../../stdlib/models/provider.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Outcome } from './job.ts';

/** What a run has used so far. Calls that were kept or shared cost nothing and are counted apart. */
export interface Spent {
	/** Of calls whose price is known. */
	readonly usd: number;
	/** Calls whose price is not known. */
	readonly unpriced: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** Requests sent to a model, those that failed and were sent again included. */
	readonly calls: number;
	/** Of these, second requests for calls that took too long. What was aborted for the other's answer has no known price. */
	readonly hedged: number;
	readonly cached: number;
	readonly shared: number;
	/** Calls that failed for good. */
	readonly failed: number;
	readonly refused: number;
	/** Answers without any text: samples that ended at once. */
	readonly empty: number;
	/** Since the caller was made. */
	readonly seconds: number;
}

export class SpentTally {
	readonly counts = {
		usd: 0,
		unpriced: 0,
		inputTokens: 0,
		outputTokens: 0,
		calls: 0,
		hedged: 0,
		cached: 0,
		shared: 0,
		failed: 0,
		refused: 0,
		empty: 0,
	};

	sent(isHedge: boolean): void {
		this.counts.calls++;
		if (isHedge) this.counts.hedged++;
	}

	/** @param usd null where the price is not known; @param answered a refusal is an answer too */
	finished(outcome: Outcome, usage: Usage, usd: number | null, answered: boolean): void {
		const { counts } = this;
		counts.inputTokens += usage.inputTokens;
		counts.outputTokens += usage.outputTokens;
		counts.usd += usd ?? 0;
		if (!answered) counts.failed++;
		else if (outcome instanceof Missing) counts.refused++;
		else if ('text' in outcome && outcome.text === '') counts.empty++;
		if (answered && usd === null) counts.unpriced++;
	}
}
