import type { CallError, ModelProvider } from '../../../stdlib/models/provider.ts';
import { asCallError } from './invoke.ts';

export interface PreparationHost {
	readonly provider: ModelProvider;
	/** Aborted with the run. */
	readonly signal: AbortSignal;
	ready(): void;
	/** Calls off the next attempt, or null when there is none. */
	tryAgain(error: CallError, attempt: number, next: () => void): (() => void) | null;
	failed(error: CallError, attempts: number): void;
}

/** Gets a model ready before its first call: weights are loaded, a key is looked for. Tried again as a call would be. */
export class Preparation {
	private state: 'none' | 'running' | 'done' = 'none';
	private readonly host: PreparationHost;
	private cancelNext: (() => void) | null = null;

	constructor(host: PreparationHost) {
		this.host = host;
	}

	get isDone(): boolean {
		return this.state === 'done';
	}

	begin(): void {
		if (this.state !== 'none') return;
		this.state = this.host.provider.prepare ? 'running' : 'done';
		if (this.state === 'running') this.attempt(1);
	}

	cancel(): void {
		this.cancelNext?.();
	}

	private attempt(attempt: number): void {
		const ready = (): void => {
			this.state = 'done';
			this.host.ready();
		};
		const failed = (cause: unknown): void => {
			const error = asCallError(cause);
			this.cancelNext = this.host.tryAgain(error, attempt, () => this.attempt(attempt + 1));
			if (this.cancelNext) return;
			this.state = 'done';
			this.host.failed(error, attempt);
		};
		try {
			this.host.provider.prepare?.(this.host.signal).then(ready, failed);
		} catch (error) {
			failed(error);
		}
	}
}
