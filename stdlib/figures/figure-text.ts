/**
 * Text from data made safe for Plotly, which reads tags and entities in every text and `$…$` as TeX: shown as written,
 * on one line, at most `longest` characters.
 */
export function figureText(text: string, longest = 80): string {
	const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
	const characters = [...line];
	const cut = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
	return escapeTags(cut);
}

const escapeTags = (text: string): string =>
	text.replace(/[&<>$]/g, (character) => ENTITIES[character] as string);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', $: '&#36;' };
