import type { PlanNode, TableNode } from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import { Data } from '../../stdlib/values/data.ts';
import { Labelled } from '../../stdlib/values/labelled.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import type { Table } from '../../stdlib/values/table.ts';
import { NotStorable, toPlain } from './columns/plain.ts';
import { dataOf } from './evaluate/sources.ts';
import { LazyMap } from './lazy-map.ts';
import { handlesIn } from './origins.ts';
import { EvalRows } from './rows.ts';

/** An eval, or the part of it that a table reads, as a data set: its variables, and fields that are read when asked for. */
export function evalData(rows: EvalRows, fields: readonly (readonly [string, () => Column])[]): Data {
	const columns = new LazyMap<string, Column>();
	for (const { name, column } of rows.variables) columns.set(name, () => column);
	for (const [name, read] of fields) columns.set(name, read);
	return new Data(rows.length, columns);
}

/** What a table is made from: the rows of an eval with the fields that it reads, a data set, or another table. */
export function tableSource(
	node: TableNode,
	nodes: ReadonlyMap<string, PlanNode>,
	lookUp: (id: string) => unknown,
): Data {
	const source = lookUp(node.inputs[node.source] as string);
	if (source instanceof EvalRows) {
		const fields = Object.entries(node.inputs).filter(([, id]) => nodes.get(id)?.kind === 'field');
		return evalData(
			source,
			fields.map(([name, id]) => [name, () => lookUp(id) as Column] as const),
		);
	}
	const data = dataOf(source);
	if (!data) throw new Error(`internal: ${node.id} is not made from rows`);
	return data;
}

/** How many items of a variable's source are looked through for models. */
const MODELS_AMONG = 64;

/** Models that an eval's rows go over. */
export function handlesInRows(rows: EvalRows): ModelHandle[] {
	return rows.variables.flatMap(({ column }) => {
		const length = Math.min(column.source.length, MODELS_AMONG);
		return Array.from({ length }, (_, i) => column.source.get(i)).flatMap(handlesIn);
	});
}

/** A table without what only this process can hold: its lineage, and values of labels (their names are kept). */
export function storableTable(table: Table): Table {
	const rows = table.rows.map((row) =>
		Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, storableCell(cell)])),
	);
	return { ...table, rows, lineage: null };
}

function storableCell(cell: unknown): unknown {
	if (!(cell instanceof Labelled)) return cell;
	try {
		toPlain(cell);
		return cell;
	} catch (error) {
		if (error instanceof NotStorable) return new Labelled(cell.name, null);
		throw error;
	}
}
