import { decimalsFor } from '../../stdlib/statistics/digits.ts';
import type { Chart, ChartCells } from './chart-figure.ts';
import type { ChartSize } from './chart-plane.ts';
import { displayWidth } from './printable.ts';
import { clipText, padText } from './text-fit.ts';

const SHADES = ['░', '▒', '▓', '█'] as const;

/** A heat map: a number and a shade in each cell, darker for larger; columns that do not fit continue below. */
export function drawCells(chart: Chart, cells: ChartCells, size: ChartSize): string[] {
	const range = rangeOf(cells);
	const nameWidth = Math.min(
		Math.floor(size.width / 3),
		Math.max(displayWidth(chart.y.title), ...cells.lines.map(displayWidth)),
	);
	const texts = cellTexts(cells, range, size.width - nameWidth);
	const widest = widthOf(cells, texts);
	const perBlock = Math.max(1, Math.floor((size.width - nameWidth) / (widest + 2)));
	const line = (name: string, parts: readonly string[]): string =>
		padText(clipText(name, nameWidth), nameWidth) +
		parts.map((part) => `  ${padText(clipText(part, widest), widest, true)}`).join('');
	const lines: string[] = [];
	for (let from = 0; from < cells.columns.length; from += perBlock) {
		const to = from + perBlock;
		if (from > 0) lines.push('');
		lines.push(size.dim(line(chart.y.title, cells.columns.slice(from, to))));
		cells.lines.forEach((name, row) => {
			lines.push(line(name, (texts[row] ?? []).slice(from, to)));
		});
	}
	return [...lines, ...scaleLine(chart, range, size)];
}

interface Range {
	readonly least: number;
	readonly most: number;
	readonly decimals: number;
	readonly known: number;
}

function rangeOf({ z }: ChartCells): Range {
	const known = z.flat().filter((value) => value !== null);
	const decimals = Math.min(3, decimalsFor(known.map((value) => ({ value, low: null, high: null }))));
	return { least: Math.min(...known), most: Math.max(...known), decimals, known: known.length };
}

/** The figure's own texts, which have the intervals, where all columns fit with them; else the numbers. */
function cellTexts(cells: ChartCells, range: Range, room: number): string[][] {
	const write = (own: boolean): string[][] =>
		cells.z.map((line, row) =>
			line.map((value, column) => {
				if (value === null) return '·';
				const text = own ? cells.texts?.[row]?.[column] : undefined;
				return `${text ?? value.toFixed(range.decimals)} ${shadeOf(value, range)}`;
			}),
		);
	const full = write(true);
	return (widthOf(cells, full) + 2) * cells.columns.length <= room ? full : write(false);
}

const widthOf = (cells: ChartCells, texts: readonly (readonly string[])[]): number =>
	Math.max(
		3,
		...texts.flat().map(displayWidth),
		...cells.columns.map((name) => Math.min(14, displayWidth(name))),
	);

function shadeOf(value: number, { least, most }: Range): string {
	const share = most > least ? (value - least) / (most - least) : 0;
	return SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))] as string;
}

function scaleLine(
	chart: Chart,
	{ least, most, decimals, known }: Range,
	{ dim, width }: ChartSize,
): string[] {
	if (known === 0) return [];
	const columns = chart.x.title ? `; columns: ${chart.x.title}` : '';
	return [
		dim(
			clipText(
				`${SHADES[0]} ${least.toFixed(decimals)} … ${SHADES[3]} ${most.toFixed(decimals)}${columns}`,
				width,
			),
		),
	];
}
