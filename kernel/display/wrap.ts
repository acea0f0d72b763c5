import { displayWidth } from './printable.ts';
import { wrapWords } from './text-fit.ts';

/** Wrapped under its first line; `paintFirst` colours what stands before it, which does not change its width. */
export function hang(
	first: string,
	text: string,
	width: number,
	paintFirst = (plain: string): string => plain,
): string[] {
	const indent = displayWidth(first);
	return wrapWords(text, Math.max(20, width - indent)).map(
		(line, i) => (i === 0 ? paintFirst(first) : ' '.repeat(indent)) + line,
	);
}
