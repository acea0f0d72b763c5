import { showCellType } from '../../stdlib/data/files/cell-type.ts';
import { inferCsv } from '../../stdlib/data/files/csv.ts';
import { fileDigest } from '../../stdlib/data/files/digest.ts';
import { inferJsonl } from '../../stdlib/data/files/jsonl.ts';
import { inferParquet } from '../../stdlib/data/files/parquet.ts';
import type { FileSchema } from '../../stdlib/data/files/schema.ts';
import { UserError } from '../../stdlib/define.ts';

/** What the compiler asks of a data file that a program names. */
export interface SchemaAnswer {
	/** Type of a row in Assay's syntax: `{question: Text, score: Number?}`. */
	readonly type: string;
	/** Number of rows, or null when the file goes on past what was looked at for the type. */
	readonly rows: number | null;
	/** Of the whole file. */
	readonly sha256: string;
}

const READERS: Readonly<Record<string, (path: string) => FileSchema>> = {
	jsonl: inferJsonl,
	csv: inferCsv,
	parquet: inferParquet,
};

/**
 * The row type of the file that `fn("path")` reads. Synchronous, since the compiler's needs are answered between two
 * checks. Throws a `UserError` that names the file and the line when it cannot be typed.
 */
export function readSchema(fn: string, absolutePath: string): SchemaAnswer {
	const read = READERS[fn];
	if (!read)
		throw new UserError(
			`${fn} reads no file whose type can be looked up`,
			`there are ${Object.keys(READERS).join(', ')}`,
		);
	const { type, rows } = read(absolutePath);
	return { type: showCellType(type), rows, sha256: fileDigest(absolutePath) };
}
