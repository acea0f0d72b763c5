import type { RunContext } from '../../context.ts';
import { define, type FingerprintContext } from '../../define.ts';
import { Data } from '../../values/data.ts';
import { fileDigest } from './digest.ts';

interface FileArgs {
	readonly path: string;
	/** A row type in Assay's syntax. */
	readonly as?: string | null;
}

const fingerprint = ({ path }: FileArgs, context: FingerprintContext) => [
	{ name: path, sha256: fileDigest(context.resolvePath(path)) },
];

/** Reads the file that a program names. The readers are loaded when a file is read, not when a program is checked. */
function reading(read: (path: string, as: string | null, signal: AbortSignal) => Promise<Data>) {
	return async ({ path, as }: FileArgs, context: RunContext): Promise<Data> => {
		const data = await read(context.resolvePath(path), as ?? null, context.signal);
		return new Data(data.length, data.columns, [{ name: path, source: path, notice: null }]);
	};
}

export const jsonlFunction = define({
	name: 'jsonl',
	signature: 'jsonl(path: Text, as: Type<R>?) -> Data<R>',
	doc:
		'Rows of a JSON Lines file: one object a line, each key a column. The row type is found out from the file, or given with `as:`, ' +
		'which then also picks the columns. A line that does not fit is an error that names it; a key that a row lacks is a missing value.',
	example: 'data items = jsonl("items.jsonl", as: {question: Text, answer: Text})',
	version: 1,
	fingerprint,
	run: reading(async (...args) => (await import('./jsonl.ts')).readJsonl(...args)),
});

export const csvFunction = define({
	name: 'csv',
	signature: 'csv(path: Text, as: Type<R>?) -> Data<R>',
	doc:
		'Rows of a CSV file whose first line names the columns; tabs instead of commas when the name ends in .tsv. Columns of plain ' +
		'numbers are Number, of true and false Bool, others Text; `as:` says otherwise and picks columns. An empty cell is the empty text in a ' +
		'Text column and a missing value elsewhere. A line that does not fit is an error that names it.',
	example: 'data items = csv("items.csv", as: {id: Text, score: Number})',
	version: 1,
	fingerprint,
	run: reading(async (...args) => (await import('./csv.ts')).readCsv(...args)),
});

export const parquetFunction = define({
	name: 'parquet',
	signature: 'parquet(path: Text, as: Type<R>?) -> Data<R>',
	doc:
		'Rows of a Parquet file, typed by its own schema. Whole numbers are Number (an error where that is not exact), dates and times ' +
		'are ISO 8601 text, bytes are base64 text, nulls are missing values. `as:` picks columns.',
	example: 'data items = parquet("items.parquet")',
	version: 1,
	fingerprint,
	run: reading(async (...args) => (await import('./parquet.ts')).readParquet(...args)),
});
