import { UserError } from '../define.ts';
import { describeMisfit, describeValue, misfit, type RecordCell } from './files/cell-type.ts';
import { shownPath } from './files/digest.ts';
import { lineBatches } from './files/text-lines.ts';

/**
 * What `read` makes of each row of a published JSON Lines file whose layout is known. A line that has another layout, or
 * in which `read` finds something unexpected, is an error that names it.
 */
export function* checkedLines<T, R>(path: string, layout: RecordCell, read: (item: T) => R): Generator<R> {
	let line = 0;
	for (const batch of lineBatches(path)) {
		for (const text of batch) {
			line++;
			if (text.trim() === '') continue;
			const value = parsed(text, path, line);
			const wrong = misfit(value, layout, '');
			if (wrong) throw otherLayout(path, line, describeMisfit(wrong));
			yield readLine(value as T, read, path, line);
		}
	}
}

/** Says what was expected and what was found instead; `checkedLines` puts the line before it. */
export class UnexpectedValue extends Error {
	constructor(expected: string, field: string, found: unknown) {
		super(`expected ${expected} in "${field}", found ${describeValue(found)}`);
		this.name = 'UnexpectedValue';
	}
}

function readLine<T, R>(item: T, read: (item: T) => R, path: string, line: number): R {
	try {
		return read(item);
	} catch (error) {
		throw error instanceof UnexpectedValue ? otherLayout(path, line, error.message) : error;
	}
}

const otherLayout = (path: string, line: number, message: string): UserError =>
	new UserError(`${shownPath(path)}:${line}: ${message}`, 'this is not the published layout of the file');

function parsed(text: string, path: string, line: number): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new UserError(
			`${shownPath(path)}:${line}: expected a JSON object, found ${describeValue(text)}`,
			(error as Error).message,
			error,
		);
	}
}
