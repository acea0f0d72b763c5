import { UserError } from '../../../stdlib/define.ts';

/** SQLite's primary result codes that a user can do something about: https://sqlite.org/rescode.html */
const SQLITE = {
	busy: 5,
	locked: 6,
	readonly: 8,
	io: 10,
	corrupt: 11,
	full: 13,
	cantopen: 14,
	notadb: 26,
} as const;

interface SqliteError extends Error {
	readonly errcode: number;
	readonly errstr: string;
}

export const isSqliteError = (error: unknown): error is SqliteError =>
	error instanceof Error && typeof (error as Partial<SqliteError>).errcode === 'number';

/** The low byte is the primary code, the rest says more. */
export const isBusy = (error: unknown): boolean =>
	isSqliteError(error) &&
	((error.errcode & 0xff) === SQLITE.busy || (error.errcode & 0xff) === SQLITE.locked);

export const isReadOnly = (error: unknown): boolean =>
	isSqliteError(error) && (error.errcode & 0xff) === SQLITE.readonly;

/** A sentence for what SQLite or the file system reported about the store at `path`. Other errors come back as they are. */
export function storeError(error: unknown, path: string): Error {
	if (error instanceof UserError) return error;
	if (isSqliteError(error)) return sqliteError(error, path);
	if (error instanceof Error && 'code' in error && 'syscall' in error) return fileError(error, path);
	return error instanceof Error ? error : new Error(String(error));
}

function sqliteError(error: SqliteError, path: string): UserError {
	switch (error.errcode & 0xff) {
		case SQLITE.full:
			return diskFull(path, error);
		case SQLITE.readonly:
			return new UserError(
				`the store ${path} cannot be written: it is read-only`,
				'Give yourself the right to write that file and its folder, or name another store with --store.',
				error,
			);
		case SQLITE.busy:
		case SQLITE.locked:
			return new UserError(
				`the store ${path} is locked by another program that has been writing for too long`,
				'Several runs can share a store, so this is mostly a database tool left open in a transaction. Close it and run again.',
				error,
			);
		case SQLITE.corrupt:
			return damaged(path, error, 'its pages do not fit together');
		case SQLITE.notadb:
			return damaged(path, error, 'the file is not a database');
		case SQLITE.cantopen:
			return new UserError(
				`the store ${path} cannot be opened`,
				'Check that its folder exists, that you may write there, and that the path is not a folder.',
				error,
			);
		case SQLITE.io:
			return new UserError(
				`the disk failed while the store ${path} was used: ${error.message}`,
				'Check the disk and its quota. What was written before is kept; run again to go on from there.',
				error,
			);
		default:
			return new UserError(`the store ${path} reported: ${error.message}`, null, error);
	}
}

export const diskFull = (path: string, cause?: unknown): UserError =>
	new UserError(
		`the disk is full: the store ${path} cannot grow`,
		'Free some space, or drop old results with `assay store gc`, and run again: what was written before is kept.',
		cause,
	);

export const damaged = (path: string, cause: unknown, how: string): UserError =>
	new UserError(
		`the store ${path} is damaged: ${how}`,
		`Move it aside (mv "${path}" "${path}.damaged") and run again; import a cassette of the study first to pay for nothing twice.`,
		cause,
	);

function fileError(error: Error & { code?: unknown }, path: string): Error {
	switch (error.code) {
		case 'ENOSPC':
		case 'EDQUOT':
			return diskFull(path, error);
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
			return new UserError(
				`${path} cannot be written: ${error.message}`,
				'Give yourself the right to write there, or name another store with --store.',
				error,
			);
		case 'ENOTDIR':
		case 'EEXIST':
			return new UserError(
				`the folder of the store ${path} cannot be made: ${error.message}`,
				'A file is in the way; move it.',
				error,
			);
		default:
			return new UserError(`the store ${path} cannot be used: ${error.message}`, null, error);
	}
}
