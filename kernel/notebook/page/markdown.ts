import { readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import MarkdownIt from 'markdown-it';
import { type Html, html, trustedHtml, visibleControls } from '../../display/html.ts';
import { bundleText, type NotebookCell } from '../document.ts';
import { fencedHtml } from './code.ts';

/** A heading, for the table of contents. */
export interface Heading {
	readonly level: number;
	readonly text: string;
	readonly id: string;
}

export interface MarkdownContext {
	/** The notebook's folder: its pictures are taken into the page. Null when there is none. */
	readonly folder: string | null;
	readonly headings: Heading[];
}

type Attachments = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const TYPES: Readonly<Record<string, string>> = {
	'.png': 'image/png',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.gif': 'image/gif',
	'.webp': 'image/webp',
	'.svg': 'image/svg+xml',
};
const MOST_PICTURE_BYTES = 10e6;

/** A Markdown cell, or an output in Markdown. HTML in it is shown as text. */
export function markdownHtml(source: string, context: MarkdownContext, cell?: NotebookCell): Html {
	const attachments = (cell?.attachments ?? {}) as Attachments;
	const markdown = new MarkdownIt({ html: false, linkify: true });
	markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
	const { rules } = markdown.renderer;
	rules.fence = (tokens, index) => {
		const { content = '', info = '' } = tokens[index] ?? {};
		return html`<pre class="fence">${fencedHtml(content, info.trim().split(/\s/)[0] ?? '')}</pre>`.text;
	};
	rules.image = (tokens, index) => {
		const { content = '' } = tokens[index] ?? {};
		return picture(String(tokens[index]?.attrGet('src') ?? ''), content, attachments, context).text;
	};
	const parsed = markdown.parse(source, {});
	parsed.forEach((token, i) => {
		if (token.type !== 'heading_open') return;
		const heading = headingOf(Number(token.tag.slice(1)), parsed[i + 1]?.content ?? '', context.headings);
		context.headings.push(heading);
		token.attrSet('id', heading.id);
	});
	return trustedHtml(visibleControls(markdown.renderer.render(parsed, markdown.options, {})));
}

function headingOf(level: number, text: string, before: readonly Heading[]): Heading {
	return { level, text: text.replace(/[*_`]/g, ''), id: `h-${before.length + 1}` };
}

/** From the cell's attachments or the notebook's folder; one from elsewhere is a link, since the page loads nothing. */
function picture(source: string, alt: string, attachments: Attachments, { folder }: MarkdownContext): Html {
	if (/^data:image\//i.test(source)) return html`<img src="${source}" alt="${alt}">`;
	if (source.startsWith('attachment:')) {
		const found = Object.entries(attachments[decoded(source.slice('attachment:'.length))] ?? {})[0];
		const [type, data] = found ?? [];
		if (type && Object.values(TYPES).includes(type))
			return html`<img src="data:${type};base64,${bundleText(data).replace(/\s/g, '')}" alt="${alt}">`;
	}
	const bytes = folder === null ? null : localPicture(decoded(source), folder);
	if (bytes)
		return html`<img src="data:${TYPES[extname(source).toLowerCase()] as string};base64,${bytes}" alt="${alt}">`;
	return /^https?:/.test(source)
		? html`<a href="${source}" rel="noopener noreferrer">${alt || source}</a>`
		: html`<span class="none">[${alt || source}: the picture is not in the notebook’s folder]</span>`;
}

/** Only what lies in the folder, also behind links of the file system. */
function localPicture(path: string, folder: string): string | null {
	if (/^[a-z]+:/i.test(path) || !TYPES[extname(path).toLowerCase()]) return null;
	try {
		const file = realpathSync(join(folder, path));
		if (!file.startsWith(realpathSync(folder) + sep) || statSync(file).size > MOST_PICTURE_BYTES) return null;
		return readFileSync(file).toString('base64');
	} catch {
		// The page says in its place that it is not there.
		return null;
	}
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
