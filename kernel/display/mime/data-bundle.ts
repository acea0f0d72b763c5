import { shortNumber } from '../../../stdlib/statistics/digits.ts';
import type { Data } from '../../../stdlib/values/data.ts';
import { count } from '../amounts.ts';
import { displayWidth, printable } from '../printable.ts';
import { clipText, padText } from '../text-fit.ts';
import type { MimeBundle } from './bundle.ts';
import { cellWriter, isNumericColumn, textOf } from './cell-html.ts';
import { gridHtml, shownRows } from './grid-html.ts';

const MOST_ROWS = 10;
const MOST_COLUMNS = 20;
const TEXT_COLUMN = 28;
/** With more columns than this a long text would make its row taller than a screen. */
const MANY_COLUMNS = 6;

/** A Danfo `DataFrame`, known by its shape so that Danfo need not be loaded. */
export interface Frame {
	readonly columns: readonly (string | number)[];
	readonly values: readonly unknown[];
	readonly index: readonly (string | number)[];
	readonly shape: readonly number[];
	readonly $isSeries: boolean;
}

export function isFrame(value: object): value is Frame {
	const frame = value as Partial<Frame>;
	return (
		typeof frame.$isSeries === 'boolean' &&
		Array.isArray(frame.columns) &&
		Array.isArray(frame.values) &&
		Array.isArray(frame.shape)
	);
}

interface Rows {
	readonly length: number;
	readonly columns: readonly string[];
	readonly index: ((row: number) => unknown) | null;
	cell(row: number, column: number): unknown;
	readonly notices: readonly string[];
}

export function dataBundle(data: Data): MimeBundle {
	const columns = [...data.columns.values()];
	return rowsBundle({
		length: data.length,
		columns: [...data.columns.keys()],
		index: null,
		cell: (row, column) => columns[column]?.get(row),
		notices: data.provenance.map(({ notice }) => notice).filter((notice) => notice !== null),
	});
}

export function frameBundle(frame: Frame): MimeBundle {
	const { $isSeries, values, index } = frame;
	return rowsBundle({
		length: values.length,
		columns: frame.columns.map(String),
		index: (row) => index[row],
		cell: (row, column) => ($isSeries ? values[row] : (values[row] as readonly unknown[])[column]),
		notices: [],
	});
}

function rowsBundle({ length, columns, index, cell, notices }: Rows): MimeBundle {
	const shown = shownRows(length, MOST_ROWS);
	const kept = columns.slice(0, MOST_COLUMNS);
	const cells = kept.map((_, column) => shown.map((row) => (row === null ? null : cell(row, column))));
	const write = cells.map((column) =>
		cellWriter(column, kept.length > MANY_COLUMNS ? { characters: 48 } : {}),
	);
	const size = `${count(length)} ${length === 1 ? 'row' : 'rows'} × ${count(columns.length)} ${columns.length === 1 ? 'column' : 'columns'}`;
	const note = columns.length > kept.length ? `${size}; the first ${kept.length} columns are shown` : size;
	const head = index ? [{ name: '', numeric: false, wide: false }] : [];
	const writeIndex = cellWriter([]);
	return {
		'text/plain': textGrid(
			[...(index ? [''] : []), ...kept],
			shown.map((row, at) =>
				row === null ? null : [...(index ? [index(row)] : []), ...cells.map((column) => column[at])],
			),
			note,
		),
		'text/html': gridHtml({
			columns: [
				...head,
				...kept.map((name, i) => ({
					name,
					numeric: isNumericColumn(cells[i] ?? []),
					wide: isWide(cells[i] ?? []),
				})),
			],
			rows: shown.map((row, at) =>
				row === null
					? null
					: [
							...(index ? [writeIndex(index(row))] : []),
							...write.map((writer, column) => writer(cells[column]?.[at])),
						],
			),
			notes: [note],
			notices: [...new Set(notices)],
		}),
	};
}

const isWide = (cells: readonly unknown[]): boolean =>
	cells.some((cell) => textOf(cell).length > TEXT_COLUMN);

const plainText = (cell: unknown): string =>
	typeof cell === 'number' && !Number.isNaN(cell) ? shortNumber(cell) : textOf(cell);

function textGrid(
	names: readonly string[],
	rows: readonly (readonly unknown[] | null)[],
	note: string,
): string {
	const texts = rows.map(
		(row) => row?.map((cell) => clipText(printable(plainText(cell)), TEXT_COLUMN)) ?? null,
	);
	const widths = names.map((name, i) =>
		Math.max(displayWidth(name), ...texts.map((row) => displayWidth(row?.[i] ?? '⋮'))),
	);
	const line = (cells: readonly string[]): string =>
		cells
			.map((cell, i) => padText(cell, widths[i] ?? 0))
			.join('  ')
			.trimEnd();
	return [
		line(names.map((name) => printable(name))),
		...texts.map((row) => line(row ?? names.map(() => '⋮'))),
		note,
	].join('\n');
}
