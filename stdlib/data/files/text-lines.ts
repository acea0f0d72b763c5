import { UserError } from '../../define.ts';
import { fileChunks, shownPath } from './digest.ts';

/**
 * The lines of a UTF-8 file without their ends (LF or CRLF) and without a byte order mark, in batches of about a
 * megabyte, so that whoever reads a large file can pause between them.
 */
export function* lineBatches(path: string): Generator<string[]> {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	let rest = '';
	let count = 0;
	const decode = (chunk?: Buffer): string => {
		try {
			return decoder.decode(chunk, { stream: chunk !== undefined });
		} catch (error) {
			throw new UserError(
				`${shownPath(path)}:${count + 1}: not UTF-8 text on this line or soon after`,
				'save the file as UTF-8',
				error,
			);
		}
	};
	for (const chunk of fileChunks(path)) {
		const lines = (rest + decode(chunk)).split('\n');
		rest = lines.pop() as string;
		count += lines.length;
		yield lines.map(withoutReturn);
	}
	rest += decode();
	if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
