import type { RecordCell } from './cell-type.ts';

/** What is known of a data file before it is read as a whole. */
export interface FileSchema {
	readonly type: RecordCell;
	/** Number of rows, or null when the file goes on past what was looked at. */
	readonly rows: number | null;
}

/** How far into a file its row type is looked for; later rows are checked against it when the file is read. */
export const INFERENCE_ROWS = 20_000;
export const INFERENCE_BYTES = 8 * 1024 * 1024;
