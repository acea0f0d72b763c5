import type { Figure } from '../../../stdlib/values/figure.ts';
import { type Html, html, scriptJson, trustedHtml } from '../html.ts';
import { plotlySafe } from '../plotly-safe.ts';
import { textChart } from '../text-chart.ts';

/** A figure: its words as text of the page, its picture drawn by the page's script when it comes into view. */
export function figureHtml(id: string, figure: Figure): Html {
	const words = wordsOf(figure);
	return html`<figure class="plot">
${words.title ? html`<p class="plot-title">${words.title}</p>` : null}${words.notes.map((note) => html`<p class="plot-note">${note}</p>`)}${figure.notices.map((notice) => html`<p class="table-notice">${notice}</p>`)}
<div class="canvas" data-figure="${id}" role="img" aria-label="${words.title || id}"><noscript><p>The picture is drawn by the page’s script, and scripting is off. In characters:</p><pre>${inCharacters(figure)}</pre></noscript></div>
<script type="application/json" data-figure-json="${id}">${trustedHtml(scriptJson({ data: plotlySafe(figure.data), layout: plotlySafe(figure.layout) }))}</script>
</figure>`;
}

/** The picture without its words, which stand above it. */
const inCharacters = (figure: Figure): string =>
	textChart(
		{ ...figure, layout: { ...figure.layout, title: undefined }, notices: [] },
		{ width: 76, height: 16 },
	);

/** What the picture says in words, as plain text: its title, the lines under it, and what must be said with it. */
function wordsOf({ layout, notices }: Figure): { readonly title: string; readonly notes: readonly string[] } {
	const title = plainText(textOf(layout.title));
	const subtitle = plainText(textOf((layout.title as { subtitle?: unknown } | undefined)?.subtitle));
	const caption = (layout.meta as { caption?: unknown } | undefined)?.caption;
	const said = subtitle === '' && typeof caption === 'string' ? caption : subtitle;
	// The notices stand in the subtitle too, so that they stay with a saved picture; here each has a line.
	const note = notices.reduce((text, notice) => text.replace(notice, ' '), said).replace(/[\s·]+$/, '');
	return { title, notes: note.trim() === '' ? [] : [note.replace(/\s+/g, ' ').trim()] };
}

function textOf(title: unknown): string {
	if (typeof title === 'string') return title;
	const text = (title as { text?: unknown } | null | undefined)?.text;
	return typeof text === 'string' ? text : '';
}

/** Plotly's markup as the text that it shows. */
const plainText = (markup: string): string =>
	markup
		.replace(/<br\s*\/?>/gi, ' ')
		.replace(SIMPLE_TAGS, '')
		.replace(/&(lt|gt|quot|#36|amp);/g, (_, name: string) => ENTITIES[name] as string);

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#36': '$', amp: '&' };

/** Tags that only shape text; `extra` is Plotly's own, of hover texts. */
const SIMPLE_TAGS = /<\/?(?:b|i|em|strong|sub|sup|br|extra)\s*\/?>/gi;
