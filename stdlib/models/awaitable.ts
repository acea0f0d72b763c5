import type { Awaitable } from './provider.ts';

/** Goes on at once when the value is there: a promise costs a million rows more than what they compute. */
export const andThen = <A, B>(value: Awaitable<A>, next: (value: A) => B): Awaitable<B> =>
	value instanceof Promise ? value.then(next) : next(value);

export const allOf = <A>(values: readonly Awaitable<A>[]): Awaitable<readonly A[]> =>
	values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as readonly A[]);
