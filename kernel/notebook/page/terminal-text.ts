import { stripVTControlCharacters } from 'node:util';
import { AnsiUp } from 'ansi_up';
import { type Html, trustedHtml, visibleControls } from '../../display/html.ts';

/** Text as a terminal shows it: its colours, lines that were written over, and no other escape sequence. */
export function terminalHtml(text: string): Html {
	const ansi = new AnsiUp();
	ansi.use_classes = true;
	return trustedHtml(ansi.ansi_to_html(onlyColors(written(text))));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
const COLOR = /(\u001b\[[\d;]*m)/;

/** Other sequences go; one that never ends would take the rest of the text with it, so it is shown as what it is. */
const onlyColors = (text: string): string =>
	text
		.split(COLOR)
		.map((part, i) => (i % 2 === 1 ? part : visibleControls(stripVTControlCharacters(part))))
		.join('');

/** What stays of lines after carriage returns: each begins anew over what was there. */
const written = (text: string): string =>
	text
		.replaceAll('\r\n', '\n')
		.replace(/[^\n]*\r(?=[^\n])/g, '')
		.replaceAll('\r', '');
