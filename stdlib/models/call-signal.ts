export type AbortListener = (() => void) | { handleEvent(): void };

/**
 * Tells a provider that an answer is not wanted any more: any `AbortSignal`, or a `CallAbort`, which is as much of one as
 * a call needs. Making an `AbortController` for every call costs more than all else that the engine does for it.
 */
export interface CallSignal {
	readonly aborted: boolean;
	readonly reason: unknown;
	/** @throws the reason, when aborted */
	throwIfAborted(): void;
	addEventListener(type: 'abort', listener: AbortListener, options?: { readonly once?: boolean }): void;
	removeEventListener(type: 'abort', listener: AbortListener): void;
}

export class CallAbort implements CallSignal {
	aborted = false;
	reason: unknown = undefined;
	/** Nearly always the only one. */
	private first: AbortListener | null = null;
	private more: AbortListener[] | null = null;

	/** Tells every listener once; the first reason counts. */
	abort(reason: unknown): void {
		if (this.aborted) return;
		this.aborted = true;
		this.reason = reason;
		const { first, more } = this;
		this.first = null;
		this.more = null;
		if (first) tell(first);
		more?.forEach(tell);
	}

	throwIfAborted(): void {
		if (this.aborted) throw this.reason;
	}

	addEventListener(_type: 'abort', listener: AbortListener): void {
		if (this.aborted || this.first === listener || this.more?.includes(listener)) return;
		if (this.first === null) {
			this.first = listener;
		} else {
			this.more ??= [];
			this.more.push(listener);
		}
	}

	removeEventListener(_type: 'abort', listener: AbortListener): void {
		if (this.first === listener) this.first = null;
		else if (this.more) this.more = this.more.filter((other) => other !== listener);
	}
}

const tell = (listener: AbortListener): void =>
	typeof listener === 'function' ? listener() : listener.handleEvent();

/** For a library that takes nothing less. */
export function abortSignalOf(signal: CallSignal): AbortSignal {
	if (signal instanceof AbortSignal) return signal;
	const controller = new AbortController();
	if (signal.aborted) controller.abort(signal.reason);
	else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
	return controller.signal;
}
