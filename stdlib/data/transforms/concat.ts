import { define, UserError } from '../../define.ts';
import { type Column, ViewColumn } from '../../values/column.ts';
import { Data } from '../../values/data.ts';

/** The rows of the first, then those of the second. Both have the same columns. */
export function concat(first: Data, second: Data): Data {
	const columns = new Map<string, Column>();
	for (const [name, above] of first.columns) columns.set(name, stacked(above, columnOf(second, name)));
	const more = [...second.columns.keys()].find((name) => !first.columns.has(name));
	if (more !== undefined)
		throw new UserError(
			`the second data set has a column "${more}" that the first has not`,
			'both need the same columns',
		);
	return new Data(first.length + second.length, columns, [...first.provenance, ...second.provenance]);
}

function columnOf(data: Data, name: string): Column {
	const column = data.columns.get(name);
	if (column) return column;
	throw new UserError(
		`the first data set has a column "${name}" that the second has not`,
		'both need the same columns',
	);
}

const stacked = (above: Column, below: Column): Column =>
	new ViewColumn(above.length + below.length, (row) =>
		row < above.length ? above.get(row) : below.get(row - above.length),
	);

export interface ConcatArgs {
	readonly data: Data;
	readonly more: Data;
}

export const concatDefinition = define({
	name: 'concat',
	signature: 'concat(data: Data<R>, more: Data<R>) -> Data<R>',
	doc: 'The rows of one data set after those of another with the same columns.',
	example: 'data both = train |> concat(extra)',
	version: 1,
	run: ({ data, more }: ConcatArgs) => concat(data, more),
});
