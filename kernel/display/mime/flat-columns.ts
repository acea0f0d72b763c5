import { isEstimate } from '../../../stdlib/values/estimate.ts';
import { isMissing } from '../../../stdlib/values/missing.ts';
import { isTensorValue } from '../../../stdlib/values/tensor.ts';

/** A column of rows that are shown. */
export interface ShownColumn {
	readonly name: string;
	/** One for each row that is shown. */
	readonly cells: readonly unknown[];
	/** A field of a record: what a row is about, and not what was found for it. */
	readonly isField: boolean;
}

/** Columns of records as a column for each of their fields, `x.category`, as a data frame of them has. */
export const flatColumns = (columns: readonly ShownColumn[]): ShownColumn[] =>
	columns.flatMap((column) => {
		const first = column.cells.find((cell) => cell !== null && cell !== undefined && !isMissing(cell));
		if (!isRecord(first)) return [column];
		const fields = Object.keys(first).map((field) => ({
			name: `${column.name}.${field}`,
			cells: column.cells.map((cell) => (isRecord(cell) ? cell[field] : cell)),
			isField: true,
		}));
		return flatColumns(fields);
	});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' &&
	value !== null &&
	Object.getPrototypeOf(value) === Object.prototype &&
	!isEstimate(value) &&
	!isTensorValue(value);

/** The columns that have room, in their order: fields of records give way first, long ones before short ones. */
export function columnsThatFit(
	columns: readonly ShownColumn[],
	widthOf: (column: ShownColumn) => number,
	room: number,
): ShownColumn[] {
	const kept = new Set<ShownColumn>();
	let left = room;
	for (const column of columns.filter(({ isField }) => !isField)) {
		left -= widthOf(column);
		if (left < 0 && kept.size > 0) break;
		kept.add(column);
	}
	for (const column of columns.filter(({ isField }) => isField)) {
		const width = widthOf(column);
		if (width > left) continue;
		left -= width;
		kept.add(column);
	}
	return columns.filter((column) => kept.has(column));
}

/** `not shown: x.letters, x.target and 3 more`; null where all are shown. */
export function hiddenText(columns: readonly ShownColumn[], kept: readonly ShownColumn[]): string | null {
	const hidden = columns.filter((column) => !kept.includes(column)).map(({ name }) => name);
	if (hidden.length === 0) return null;
	const named = hidden.slice(0, hidden.length > 9 ? 8 : 9);
	return `not shown: ${named.join(', ')}${hidden.length > named.length ? ` and ${hidden.length - named.length} more` : ''}`;
}
