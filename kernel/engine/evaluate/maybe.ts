/**
 * A value that is there, or a promise of it. Everything in the evaluator stays synchronous until a model call is
 * really pending, so that a million cached or simulated rows cost no promise.
 */
export type Maybe<T> = T | Promise<T>;

export const chain = <A, B>(value: Maybe<A>, next: (value: A) => Maybe<B>): Maybe<B> =>
	value instanceof Promise ? value.then(next) : next(value);

/** The values in order; a promise only when one of them is. */
export function all<T>(values: readonly Maybe<T>[]): Maybe<T[]> {
	for (const value of values) if (value instanceof Promise) return Promise.all(values);
	return values as T[];
}

/** Runs each in order without waiting in between; when one throws, the ones already started are not left unhandled. */
export function each<A, B>(items: readonly A[], start: (item: A) => Maybe<B>): Maybe<B[]> {
	const started: Maybe<B>[] = new Array(items.length);
	let pending = false;
	for (let i = 0; i < items.length; i++) {
		try {
			const value = start(items[i] as A);
			pending ||= value instanceof Promise;
			started[i] = value;
		} catch (error) {
			for (const value of started) abandon(value);
			throw error;
		}
	}
	return pending ? Promise.all(started) : (started as B[]);
}

/** Nobody will wait for this: its failure is not an unhandled rejection. */
export function abandon(value: unknown): void {
	if (value instanceof Promise) value.catch(() => {});
}
