import type { ProviderLimits } from '../../../stdlib/models/provider.ts';
import type { Clock } from './clock.ts';
import { likelyTokens } from './estimate.ts';
import type { Job } from './job.ts';
import { RateBucket } from './rate-bucket.ts';

/** Requests and tokens a minute of one model. */
export class RateLimits {
	private readonly requests: RateBucket | null;
	private readonly tokens: RateBucket | null;

	constructor({ requestsPerMinute, tokensPerMinute }: ProviderLimits, nowMs: number) {
		this.requests = requestsPerMinute === null ? null : new RateBucket(requestsPerMinute, nowMs);
		this.tokens = tokensPerMinute === null ? null : new RateBucket(tokensPerMinute, nowMs);
	}

	/** Until the job may be sent; 0 when it may now. */
	waitMs(job: Job, clock: Clock): number {
		if (!this.requests && !this.tokens) return 0;
		const nowMs = clock.now();
		if (this.tokens) job.pacedTokens ||= likelyTokens(job.request, job.text);
		return Math.max(this.requests?.waitMs(1, nowMs) ?? 0, this.tokens?.waitMs(job.pacedTokens, nowMs) ?? 0);
	}

	sent(job: Job): void {
		this.requests?.take(1);
		this.tokens?.take(job.pacedTokens);
	}

	/** @param used tokens, of the prompt and of the answer */
	answered(job: Job, used: number): void {
		this.tokens?.correct(job.pacedTokens, used);
	}
}
