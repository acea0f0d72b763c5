import { UserError } from '../../define.ts';
import type { CrossingError } from './messages.ts';

/** In a training's thread: what the other thread failed with when it was asked. */
export class Refused extends Error {
	readonly id: number;

	constructor(id: number) {
		super('the thread with the data could not answer');
		this.id = id;
	}
}

export function crossing(error: unknown, signal: AbortSignal): CrossingError {
	if (error instanceof Refused) return { kind: 'returned', id: error.id };
	if (signal.aborted && error === signal.reason) return { kind: 'aborted' };
	const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
	if (error instanceof UserError) return { kind: 'user', message, help: error.help, stack };
	return { kind: 'other', name, message, stack };
}

/** The error as it would have been thrown here. */
export function arrived(error: Exclude<CrossingError, { kind: 'returned' | 'aborted' }>): Error {
	const { message, stack } = error;
	const here =
		error.kind === 'user'
			? new UserError(message, error.help)
			: Object.assign(new Error(message), { name: error.name });
	if (stack !== undefined) here.stack = stack;
	return here;
}
