const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;
/** How long something took, as programs write it. */
const DURATION = /\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|sec|seconds?|min|minutes?|h|hours?)\b/g;

/** Whether two numbers are the same within a relative tolerance. */
export function sameNumber(a: number, b: number, tolerance: number): boolean {
	return Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether two texts have the same words, and numbers that are the same within the tolerance. */
export function sameText(a: string, b: string, tolerance: number): boolean {
	if (a === b) return true;
	if (a.replace(NUMBER, '#') !== b.replace(NUMBER, '#')) return false;
	const theirs = b.match(NUMBER) ?? [];
	return (a.match(NUMBER) ?? []).every((number, i) =>
		sameNumber(Number(number), Number(theirs[i]), tolerance),
	);
}

/** A stream without how long things took. */
export const withoutDurations = (text: string): string => text.replace(DURATION, '‹duration›');

const MOST_LINES = 12;

/** The lines in which two texts differ, as `- packed` and `+ now`. */
export function lineDifferences(packed: string, now: string, tolerance: number): string[] {
	const before = packed.split('\n');
	const after = now.split('\n');
	const out: string[] = [];
	let shown = 0;
	let more = 0;
	for (let i = 0; i < Math.max(before.length, after.length); i++) {
		const [was, is] = [before[i], after[i]];
		if (was !== undefined && is !== undefined && sameText(was, is, tolerance)) continue;
		if (++shown > MOST_LINES) more++;
		else out.push(...(was === undefined ? [] : [`- ${was}`]), ...(is === undefined ? [] : [`+ ${is}`]));
	}
	return more > 0 ? [...out, `… and ${more} more lines`] : out;
}
