import type { FollowedFile } from '../contracts.ts';

export type StreamName = FollowedFile['name'];

/** A stream of a program that is to be the kernel's own: its number in the program, and which of ours. */
export interface Inherited {
	readonly index: number;
	readonly name: StreamName;
}

/** Which of a program's `stdio` are the kernel's own streams: by `inherit`, by number, or the streams themselves. */
export function inheritedIn(stdio: readonly unknown[]): Inherited[] {
	return stdio.flatMap((asked, index) => {
		const name = nameOf(asked === 'inherit' ? index : asked);
		return name ? [{ index, name }] : [];
	});
}

function nameOf(asked: unknown): StreamName | null {
	if (asked === 1 || asked === process.stdout) return 'stdout';
	return asked === 2 || asked === process.stderr ? 'stderr' : null;
}

/** The same with a pipe in each of their places. */
export const withPipes = <T>(stdio: readonly T[], inherited: readonly Inherited[], pipe: T): T[] =>
	stdio.map((asked, at) => (inherited.some(({ index }) => index === at) ? pipe : asked));
