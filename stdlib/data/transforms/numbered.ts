import { define } from '../../define.ts';
import { NumberColumn } from '../../values/column.ts';
import type { Data } from '../../values/data.ts';

/** The rows with their number, from 0, in the column `row`. */
export const numbered = (data: Data): Data =>
	data.with({ row: new NumberColumn(Float64Array.from({ length: data.length }, (_, row) => row)) });

interface NumberedArgs {
	readonly data: Data;
}

export const numberedDefinition = define({
	name: 'numbered',
	signature: 'numbered(data: Data<R>) -> Data<{...R, row: Number}>',
	doc: 'The rows with a column `row`, their number from 0: a key to join by where the data has none of its own.',
	example: 'items |> numbered',
	version: 1,
	run: ({ data }: NumberedArgs) => numbered(data),
});
