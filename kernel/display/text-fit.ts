import { displayWidth } from './printable.ts';

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text cut to a width in terminal columns, its end marked. */
export function clipText(text: string, width: number): string {
	if (displayWidth(text) <= width) return text;
	let clipped = '';
	let used = 0;
	for (const { segment } of segments.segment(text)) {
		const more = displayWidth(segment);
		if (used + more > width - 1) break;
		clipped += segment;
		used += more;
	}
	return `${clipped}…`;
}

export function padText(text: string, width: number, right = false): string {
	const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
	return right ? space + text : text + space;
}

export function centreText(text: string, width: number): string {
	const space = Math.max(0, width - displayWidth(text));
	return ' '.repeat(space >> 1) + text + ' '.repeat(space - (space >> 1));
}

/** Lines broken between words; later lines are indented. A word that is wider than all is cut. */
export const wrapText = (text: string, width: number, indent = 0): string[] =>
	wrapWords(text, width, indent).map((line) => clipText(line, width));

/** As `wrapText`, but a word that is wider than all stays whole: a path or a command is there to be copied. */
export function wrapWords(text: string, width: number, indent = 0): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		const candidate = line === '' ? word : `${line} ${word}`;
		if (displayWidth(candidate) > width && line.trim() !== '') {
			lines.push(line);
			line = ' '.repeat(indent) + word;
		} else line = candidate;
	}
	lines.push(line);
	return lines;
}
