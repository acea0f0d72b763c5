import type { Column } from './column.ts';
import type { Data, Row } from './data.ts';
import type { Estimate } from './estimate.ts';

/** A small table of results: one row a group, cells are labels, numbers or estimates. */
export interface Table {
	readonly kind: 'table';
	readonly name: string;
	/** Grouping columns first. */
	readonly columns: readonly TableColumn[];
	readonly rows: readonly Row[];
	/** Sentences that must be shown with it (simulated responder, tiny model, stand-in data). */
	readonly notices: readonly string[];
	/** Models whose calls the numbers come from. */
	readonly models: readonly string[];
	/** The rows that the groups were made of; what `contrast` pairs over. Absent for tables made from tables. */
	readonly lineage: Lineage | null;
}

export interface TableColumn {
	readonly name: string;
	readonly role: 'group' | 'value';
}

export interface Lineage {
	/** The source's rows, with the variables and fields that the table reads. */
	readonly source: Data;
	/** Row numbers of `source` in each group; same order as `Table.rows`. */
	readonly groups: readonly Int32Array[];
	/** The value of a column over any rows of the source, repeats allowed. Asked thousands of times: no interval is needed. */
	readonly evaluate: (column: string, indices: Int32Array) => Estimate | number | null;
	/** Per-row values of a column that is a plain mean of one (`accuracy = mean(correct)`), else null: what a paired test needs. */
	readonly rowValues: (column: string) => Column | null;
}

export const isTable = (value: unknown): value is Table =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'table';
