import { resolve } from 'node:path';
import type { RunContext } from '../../stdlib/context.ts';
import { randomStream } from '../../stdlib/random.ts';

/** A context for library functions outside of a run: real random streams, no models, notices collected. */
export function testContext(
	more: Partial<RunContext> & { readonly folder?: string } = {},
): RunContext & { readonly notices: string[] } {
	const notices: string[] = [];
	return {
		signal: new AbortController().signal,
		seed: 0,
		call: () => {
			throw new Error('this test has no models');
		},
		random: randomStream,
		resolvePath: (path) => resolve(more.folder ?? '.', path),
		notice: (message) => notices.push(message),
		notices,
		...more,
	};
}
