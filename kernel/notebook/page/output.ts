import * as z from 'zod';
import { type Html, html } from '../../display/html.ts';
import { figureHtml } from '../../display/report/figure.ts';
import { bundleText, type NotebookOutput } from '../document.ts';
import { type MarkdownContext, markdownHtml } from './markdown.ts';
import { sanitisedHtml, svgPicture } from './sanitised.ts';
import { terminalHtml } from './terminal-text.ts';

const PLOTLY = 'application/vnd.plotly.v1+json';

const Specification = z.object({
	data: z.array(z.record(z.string(), z.unknown())),
	layout: z.record(z.string(), z.unknown()).default({}),
});

type Bundle = Readonly<Record<string, unknown>>;

export interface OutputContext extends MarkdownContext {
	/** Figures so far; each has a name of its own on the page. */
	figures: number;
}

/** One output of a cell, in the richest of its forms that a page can show without running anything of it. */
export function outputHtml(output: NotebookOutput, context: OutputContext): Html {
	switch (output.output_type) {
		case 'stream':
			return html`<pre class="stream ${output.name}" tabindex="0">${terminalHtml(output.text)}</pre>`;
		case 'error': {
			const { traceback, ename, evalue } = output;
			const text = traceback.length > 0 ? traceback.join('\n') : `${ename}: ${evalue}`;
			return html`<pre class="stream failed" tabindex="0">${terminalHtml(text)}</pre>`;
		}
		default:
			return html`<div class="shown">${bundleHtml(output.data, context)}</div>`;
	}
}

type Show = (value: unknown, context: OutputContext, bundle: Bundle) => Html | null;

/** Richest first. */
const FORMS: readonly (readonly [type: string, show: Show])[] = [
	[PLOTLY, plotly],
	...['image/png', 'image/jpeg', 'image/webp', 'image/gif'].map(
		(type) =>
			[type, (value: unknown, _: OutputContext, bundle: Bundle) => image(type, value, bundle)] as const,
	),
	['text/html', (value) => html`<div class="markup">${sanitisedHtml(bundleText(value))}</div>`],
	['image/svg+xml', (value, _, bundle) => svgPicture(bundleText(value), altOf(bundle))],
	[
		'text/markdown',
		// Headings of an output are not among the notebook's contents.
		(value, { folder }) =>
			html`<div class="prose">${markdownHtml(bundleText(value), { folder, headings: [] })}</div>`,
	],
	['text/latex', (value) => text(bundleText(value))],
	['text/plain', (value) => text(bundleText(value))],
	['application/json', (value) => text(JSON.stringify(value, null, 2))],
];

function bundleHtml(bundle: Bundle, context: OutputContext): Html {
	for (const [type, show] of FORMS) {
		const shown = type in bundle ? show(bundle[type], context, bundle) : null;
		if (shown) return shown;
	}
	return html`<p class="none">An output of the type ${Object.keys(bundle).join(', ') || 'none'} is not shown on a page.</p>`;
}

const text = (content: string): Html => html`<pre class="stream" tabindex="0">${terminalHtml(content)}</pre>`;

function plotly(value: unknown, context: OutputContext): Html | null {
	const parsed = Specification.safeParse(value);
	if (!parsed.success) return null;
	context.figures++;
	const { data, layout } = parsed.data;
	const images = Array.isArray(layout.images) ? { images: layout.images.filter(isCarried) } : {};
	return figureHtml(`figure-${context.figures}`, {
		kind: 'figure',
		notices: [],
		data: data.filter(isCarried),
		layout: { ...layout, ...images },
	});
}

/** Whether a picture in a figure is in the figure itself: one from elsewhere is left out. */
const isCarried = (part: { readonly source?: unknown } | null): boolean =>
	part?.source === undefined || /^data:image\//i.test(String(part.source));

function image(type: string, value: unknown, bundle: Bundle): Html | null {
	const base64 = bundleText(value).replace(/\s/g, '');
	return /^[A-Za-z0-9+/=]+$/.test(base64)
		? html`<img src="data:${type};base64,${base64}" alt="${altOf(bundle)}">`
		: null;
}

/** What stands for a picture in words. */
const altOf = (bundle: Bundle): string => bundleText(bundle['text/plain'] ?? '').slice(0, 300);
