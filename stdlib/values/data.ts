import { type Column, RefColumn, ValueColumn, ViewColumn } from './column.ts';
import type { Missing } from './missing.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Where rows came from: shown in reports. */
export interface Provenance {
	readonly name: string;
	readonly source: string;
	readonly licence?: string;
	readonly cite?: string;
	/** A sentence shown beside every result that these rows touched ("written for Assay, not the published set"), or null. */
	readonly notice: string | null;
}

/** A typed data set: named columns of one length. */
export class Data {
	readonly length: number;
	readonly columns: ReadonlyMap<string, Column>;
	readonly provenance: readonly Provenance[];

	constructor(length: number, columns: ReadonlyMap<string, Column>, provenance: readonly Provenance[] = []) {
		this.length = length;
		this.columns = columns;
		this.provenance = provenance;
	}

	/** From one object a row; every row has the keys of the first. */
	static fromRows(
		rows: readonly Row[],
		provenance: readonly Provenance[] = [],
		names?: readonly string[],
	): Data {
		const keys = names ?? Object.keys(rows[0] ?? {});
		const columns = new Map<string, Column>();
		for (const key of keys) columns.set(key, new ViewColumn(rows.length, (i) => rows[i]?.[key]));
		const data = new Data(rows.length, columns, provenance);
		data.rowsAsColumn = new ValueColumn(rows);
		return data;
	}

	private rowsAsColumn: Column<Row> | null = null;

	/** The rows themselves as a column of records, made on first use. */
	get rows(): Column<Row> {
		this.rowsAsColumn ??= new ViewColumn(this.length, (i) => this.materialise(i));
		return this.rowsAsColumn;
	}

	row(index: number): Row {
		return this.rows.get(index) as Row;
	}

	column(name: string): Column {
		const column = this.columns.get(name);
		if (!column) throw new Error(`no column "${name}"; there are ${[...this.columns.keys()].join(', ')}`);
		return column;
	}

	take(indices: Int32Array): Data {
		const columns = new Map<string, Column>();
		for (const [name, column] of this.columns) columns.set(name, new RefColumn(column, indices));
		const data = new Data(indices.length, columns, this.provenance);
		data.rowsAsColumn = new RefColumn(this.rows, indices);
		return data;
	}

	/** The same rows with more columns. */
	with(columns: Readonly<Record<string, Column>>): Data {
		return new Data(this.length, new Map([...this.columns, ...Object.entries(columns)]), this.provenance);
	}

	*[Symbol.iterator](): Iterator<Row | Missing> {
		for (let i = 0; i < this.length; i++) yield this.row(i);
	}

	private materialise(index: number): Row {
		const row: Record<string, unknown> = {};
		for (const [name, column] of this.columns) row[name] = column.get(index);
		return row;
	}
}
