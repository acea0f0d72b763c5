/**
 * Text from programs, files and models made safe for a terminal: escape sequences, other control characters and marks
 * that reorder text are shown as what they are. Line breaks stay when `multiline`.
 */
export function printable(text: string, multiline = false): string {
	return text.replace(UNSAFE, (character) => {
		if (character === '\t') return '  ';
		if (multiline && character === '\n') return '\n';
		const code = character.codePointAt(0) as number;
		return code < 0x20
			? String.fromCodePoint(0x2400 + code)
			: code === 0x7f
				? '␡'
				: `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
	});
}

// Controls (C0, DEL, C1), bidirectional marks and embeddings, zero-width characters, line and paragraph separators, BOM.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Columns that a text takes in a terminal: wide characters count twice, combining ones not at all. */
export function displayWidth(text: string): number {
	let width = 0;
	for (const character of text) {
		if (/\p{Mark}/u.test(character)) continue;
		width += WIDE.test(character) ? 2 : 1;
	}
	return width;
}

const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
