import type { Figure } from '../values/figure.ts';
import { figureText } from './figure-text.ts';
import { PALETTE } from './palette.ts';
import type { Positions } from './positions.ts';
import { noticesOf, originOf, rowName, type Source } from './source.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Frame {
	readonly source: Source;
	readonly title: string | null | undefined;
	/** What the title says when none is given. */
	readonly about: string;
	/** Parts of the caption after the models: n, what the bars are. */
	readonly caption: readonly string[];
	/** Said about this picture, after what must be said about its source. */
	readonly notices: readonly string[];
}

/**
 * A figure of traces and axes, with a title, a caption of models and n, and its notices. They stand inside the picture,
 * under the title, so that they stay with it wherever it is shown or saved.
 */
export function figureOf(
	{ source, title, about, caption, notices }: Frame,
	data: readonly Json[],
	layout: Json,
): Figure {
	const all = [...noticesOf(source), ...notices];
	const origin = originOf(source);
	const lines = [
		[...(origin ? [figureText(origin)] : []), ...caption].join(' · '),
		...all.map((notice) => figureText(notice, 400)),
	].flatMap(wrapped);
	return {
		kind: 'figure',
		data,
		layout: {
			title: {
				text: title ? figureText(title) : about,
				x: 0,
				xanchor: 'left',
				xref: 'paper',
				y: 1,
				yanchor: 'bottom',
				yref: 'paper',
				pad: { b: 14 + 16 * lines.length },
				...(lines.length > 0
					? { subtitle: { text: lines.join('<br>'), font: { size: 12, color: '#555' } } }
					: {}),
			},
			margin: { t: 60 + 16 * lines.length, r: 20, b: 60, l: 70 },
			colorway: PALETTE,
			paper_bgcolor: 'white',
			plot_bgcolor: 'white',
			font: { family: 'system-ui, sans-serif', size: 13, color: '#222' },
			hovermode: 'closest',
			...layout,
		},
		notices: all,
	};
}

const LINE_WIDTH = 110;

/** Plotly does not break lines by itself. */
function wrapped(text: string): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > LINE_WIDTH) {
			lines.push(line);
			line = '';
		}
		line = line === '' ? word : `${line} ${word}`;
	}
	return line === '' ? lines : [...lines, line];
}

const GRID = { gridcolor: '#e5e5e5', zerolinecolor: '#bbb', linecolor: '#888', automargin: true };

export const numberAxis = (name: string, log = false, more: Json = {}): Json => ({
	...GRID,
	title: { text: figureText(name) },
	type: log ? 'log' : 'linear',
	// 135M, 8B: the words for sizes of models.
	exponentformat: 'B',
	...more,
});

/** The type is said, since Plotly would take names like "2020" for numbers or dates. */
export const nameAxis = (name: string, names: readonly string[], more: Json = {}): Json => ({
	...GRID,
	title: { text: figureText(name) },
	type: 'category',
	categoryorder: 'array',
	categoryarray: names,
	...more,
});

export const axisFor = (positions: Positions, name: string, log = false): Json =>
	positions.kind === 'number' ? numberAxis(name, log) : nameAxis(name, positions.names);

export const legendFor = (name: string, series: number): Json => ({
	showlegend: series > 1,
	legend: { title: { text: figureText(name) } },
});

/** "n = 400 a point", "n = 390–400 a point", or nothing where points are not estimates. */
export function nText(ns: readonly (number | null)[], unit: string): string[] {
	const known = ns.filter((n) => n !== null);
	if (known.length === 0) return [];
	const [least, most] = [Math.min(...known), Math.max(...known)];
	return [`n = ${least === most ? least : `${least}–${most}`} a ${unit}`];
}

export function levelText(levels: readonly (number | null)[]): string[] {
	const known = [...new Set(levels.filter((level) => level !== null))];
	if (known.length === 0) return [];
	return [`bars: ${known.map((level) => `${Number((level * 100).toFixed(2))}%`).join(' and ')} intervals`];
}

/** Rows that are left out of a picture, said in its notices. */
export class LeftOut {
	private readonly reasons = new Map<string, number[]>();
	private readonly source: Source;

	constructor(source: Source) {
		this.source = source;
	}

	get count(): number {
		return [...this.reasons.values()].reduce((sum, rows) => sum + rows.length, 0);
	}

	add(row: number, reason: string): void {
		const rows = this.reasons.get(reason);
		if (rows) rows.push(row);
		else this.reasons.set(reason, [row]);
	}

	notices(): string[] {
		return [...this.reasons].map(([reason, rows]) => {
			const names = rows.slice(0, 3).map((row) => rowName(this.source, row));
			const which = names.every((name) => name !== null)
				? ` (${names.join('; ')}${rows.length > 3 ? '; …' : ''})`
				: '';
			return `${rows.length} ${rows.length === 1 ? 'row is' : 'rows are'} not drawn: ${reason}${which}`;
		});
	}
}
