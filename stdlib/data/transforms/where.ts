import { define } from '../../define.ts';
import { whereTable } from '../../statistics/table-ops.ts';
import type { Data } from '../../values/data.ts';
import type { Table } from '../../values/table.ts';
import { isTable, pick, type RowFunction } from './rows.ts';

/** The rows for which the condition is true; a condition that is missing keeps no row. */
export function where(data: Data, condition: RowFunction): Data {
	const rows: number[] = [];
	for (let row = 0; row < data.length; row++) if (condition(row) === true) rows.push(row);
	return pick(data, rows);
}

interface WhereArgs {
	readonly data: Data | Table;
	readonly condition: RowFunction;
}

export const whereDefinition = define({
	name: 'where',
	signature: [
		'where(data: Data<R>, condition: R -> Bool) -> Data<R>',
		'where(data: Table<R>, condition: R -> Bool) -> Table<R>',
	],
	doc: 'The rows for which the condition is true. A row whose condition is missing is left out.',
	example: 'items |> where(context_condition == "ambig")',
	version: 1,
	run: ({ data, condition }: WhereArgs) =>
		isTable(data) ? whereTable(data, condition) : where(data, condition),
});
