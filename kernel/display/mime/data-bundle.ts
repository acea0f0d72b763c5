import { shortNumber } from '../../../stdlib/statistics/digits.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import type { Data } from '../../../stdlib/values/data.ts';
import { counted } from '../amounts.ts';
import { displayWidth, printable } from '../printable.ts';
import { clipText, padText } from '../text-fit.ts';
import type { MimeBundle } from './bundle.ts';
import { cellWriter, isNumericColumn, textOf } from './cell-html.ts';
import { columnsThatFit, flatColumns, hiddenText, type ShownColumn } from './flat-columns.ts';
import { type GridColumn, gridHtml, shownRows } from './grid-html.ts';

const MOST_ROWS = 10;
const MOST_COLUMNS = 20;
const TEXT_COLUMN = 28;
/** Characters of a line: of the plain text, and of what of a wide page is seen. */
const TEXT_WIDTH = 120;
const GAP = '  ';
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

function rowsBundle({ length, columns: names, index, cell, notices }: Rows): MimeBundle {
	const rows = shownRows(length, MOST_ROWS);
	const columns = flatColumns(
		names.map((name, column) => ({
			name,
			cells: rows.map((row) => (row === null ? null : cell(row, column))),
			isField: false,
		})),
	);
	const size = `${counted(length, 'row')} × ${counted(columns.length, 'column')}`;
	const shown = { rows, index, notices: [...new Set(notices)] };
	return {
		'text/plain': textRows({ ...shown, ...fitting(columns, textWidth, TEXT_WIDTH, size) }),
		// What was found must be seen without scrolling past all that it is about.
		'text/html': htmlRows({
			...shown,
			...(columns.some(({ isField }) => isField)
				? fitting(columns, textWidth, TEXT_WIDTH, size)
				: fitting(columns, () => 1, MOST_COLUMNS, size)),
		}),
	};
}

interface ShownRows {
	/** Numbers of rows, null for those left out. */
	readonly rows: readonly (number | null)[];
	readonly index: Rows['index'];
	readonly columns: readonly ShownColumn[];
	/** How much there is, and what is not shown of it. */
	readonly notes: readonly string[];
	readonly notices: readonly string[];
}

function fitting(
	columns: readonly ShownColumn[],
	widthOf: (column: ShownColumn) => number,
	room: number,
	size: string,
): Pick<ShownRows, 'columns' | 'notes'> {
	const kept = columnsThatFit(columns, widthOf, room);
	const hidden = hiddenText(columns, kept);
	return { columns: kept, notes: hidden ? [size, hidden] : [size] };
}

function htmlRows({ rows, index, columns, notes, notices }: ShownRows): string {
	const limit = columns.length > MANY_COLUMNS ? { characters: 48 } : {};
	const write = columns.map(({ cells }) => cellWriter(cells, limit));
	const writeIndex = cellWriter([]);
	const head = index ? [{ name: '', numeric: false, wide: false }] : [];
	const shape = ({ name, cells }: ShownColumn): GridColumn => ({
		name,
		numeric: isNumericColumn(cells),
		wide: isWide(cells),
	});
	return gridHtml({
		columns: [...head, ...columns.map(shape)],
		rows: rows.map((row, at) => {
			if (row === null) return null;
			const cells = columns.map((column, i) => (write[i] as typeof writeIndex)(column.cells[at]));
			return index ? [writeIndex(index(row)), ...cells] : cells;
		}),
		notes,
		notices,
	});
}

const isWide = (cells: readonly unknown[]): boolean =>
	cells.some((cell) => textOf(cell).length > TEXT_COLUMN);

function plainText(cell: unknown): string {
	const text =
		typeof cell === 'number' && !Number.isNaN(cell)
			? shortNumber(cell)
			: cell instanceof Choice
				? `${cell.best} ${cell.bestProb.toFixed(2)}`
				: textOf(cell);
	return clipText(printable(text), TEXT_COLUMN);
}

/** With the space between it and the next. */
const textWidth = ({ name, cells }: ShownColumn): number =>
	GAP.length + Math.max(displayWidth(printable(name)), ...cells.map((cell) => displayWidth(plainText(cell))));

function textRows({ rows, index, columns, notes }: ShownRows): string {
	const numbers = {
		name: '',
		cells: rows.map((row) => (row === null ? null : index?.(row))),
		isField: false,
	};
	const all = index ? [numbers, ...columns] : columns;
	const lines = [
		all.map(({ name }) => printable(name)),
		...rows.map((row, at) => all.map(({ cells }) => (row === null ? '⋮' : plainText(cells[at])))),
	];
	const widths = all.map((_, i) => Math.max(...lines.map((line) => displayWidth(line[i] ?? ''))));
	const padded = lines.map((line) =>
		line
			.map((text, i) => padText(text, widths[i] ?? 0))
			.join(GAP)
			.trimEnd(),
	);
	return [...padded, ...notes.map((note) => printable(note))].join('\n');
}
