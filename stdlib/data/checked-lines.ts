import { UserError } from '../define.ts';
import { describeMisfit, describeValue, misfit, type RecordCell } from './files/cell-type.ts';
import { shownPath } from './files/digest.ts';
import { lineBatches } from './files/text-lines.ts';

/** Rows of a published JSON Lines file whose layout is known; a line that has another one is an error that names it. */
export function* checkedLines<T>(path: string, layout: RecordCell): Generator<T> {
	let line = 0;
	for (const batch of lineBatches(path)) {
		for (const text of batch) {
			line++;
			if (text.trim() === '') continue;
			const value = parsed(text, path, line);
			const wrong = misfit(value, layout, '');
			if (wrong)
				throw new UserError(
					`${shownPath(path)}:${line}: ${describeMisfit(wrong)}`,
					'this is not the published layout of the file',
				);
			yield value as T;
		}
	}
}

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
