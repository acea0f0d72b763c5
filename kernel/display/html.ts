/** Text that is HTML already. Only `html` and `trustedHtml` make it. */
export class Html {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

export type HtmlValue = Html | string | number | null | false | readonly HtmlValue[];

/** A template whose values are escaped, except those that are HTML already; lists are joined, null and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
	let text = strings[0] as string;
	values.forEach((value, i) => {
		text += htmlOf(value) + strings[i + 1];
	});
	return new Html(text);
}

function htmlOf(value: HtmlValue): string {
	if (value instanceof Html) return value.text;
	if (value === null || value === false) return '';
	if (typeof value === 'object') return value.map(htmlOf).join('');
	return escapeHtml(String(value));
}

/** HTML that this program wrote itself, such as its style sheet. Never for text from data, models or programs. */
export const trustedHtml = (text: string): Html => new Html(text);

/** Any text as text between tags or inside a quoted attribute, its hidden controls made visible. */
export const escapeHtml = (text: string): string =>
	visibleControls(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] as string);

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
	'`': '&#96;',
};

/**
 * Controls and marks that reorder text are shown as what they are, as in a terminal. Joiners stay, since scripts and
 * emoji are made of them, and so do the marks that only tell a direction: a page can hold those within their element.
 */
export const visibleControls = (text: string): string =>
	text.replace(HIDDEN, (character) => {
		const code = character.codePointAt(0) as number;
		if (code < 0x20) return String.fromCodePoint(0x2400 + code);
		return code === 0x7f ? '␡' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
	});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about. Tab, line feed and carriage return stay.
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** JSON that can stand inside a script element: nothing in it ends the element or opens a comment. */
export const scriptJson = (value: unknown): string =>
	JSON.stringify(value).replace(
		/[<>&\u2028\u2029]/g,
		(c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
