import ts from 'typescript-classic';
import { type Html, type HtmlValue, html } from '../../display/html.ts';
import { highlightLines } from '../../display/report/highlight.ts';
import { studyText } from '../../jupyter/study/study-text.ts';

/** A code cell's source with its words coloured: Assay in a study cell, TypeScript in any other. */
export function sourceHtml(source: string): Html {
	const text = source.trimEnd();
	if (studyText(text) === null) return lines(typeScriptLines(text));
	const [first = '', ...rest] = text.split('\n');
	return lines([html`<span class="com">${first}</span>`, ...highlightLines(rest.join('\n'))]);
}

/** A fenced block of Markdown; in a language that is not known here it is plain text. */
export function fencedHtml(source: string, language: string): Html {
	const text = source.trimEnd();
	if (language === 'assay') return lines(highlightLines(text));
	return /^(ts|typescript|js|javascript)$/.test(language)
		? lines(typeScriptLines(text))
		: html`<code>${text}</code>`;
}

const lines = (all: readonly Html[]): Html =>
	html`<code>${all.map((line, i) => html`${i > 0 ? '\n' : null}${line}`)}</code>`;

const KINDS: Readonly<Partial<Record<ts.TokenClass, string>>> = {
	[ts.TokenClass.Keyword]: 'kw',
	[ts.TokenClass.Comment]: 'com',
	[ts.TokenClass.NumberLiteral]: 'num',
	[ts.TokenClass.BigIntLiteral]: 'num',
	[ts.TokenClass.StringLiteral]: 'str',
	[ts.TokenClass.RegExpLiteral]: 'str',
};

/** By TypeScript's own reading of words, line by line, as editors colour text that is not checked yet. */
function typeScriptLines(text: string): Html[] {
	const classifier = ts.createClassifier();
	let state = ts.EndOfLineState.None;
	return text.split('\n').map((line) => {
		const { entries, finalLexState } = classifier.getClassificationsForLine(line, state, true);
		state = finalLexState;
		return coloured(line, entries);
	});
}

function coloured(line: string, entries: readonly ts.ClassificationInfo[]): Html {
	const parts: HtmlValue[] = [];
	let at = 0;
	for (const { length, classification } of entries) {
		const piece = line.slice(at, at + length);
		at += length;
		const kind = KINDS[classification] ?? (isCalled(classification, line.slice(at)) ? 'fn' : null);
		parts.push(kind === null ? piece : html`<span class="${kind}">${piece}</span>`);
	}
	return html`${parts}${line.slice(at)}`;
}

const isCalled = (classification: ts.TokenClass, after: string): boolean =>
	classification === ts.TokenClass.Identifier && /^\s*(?:<[^<>()]*>\s*)?\(/.test(after);
