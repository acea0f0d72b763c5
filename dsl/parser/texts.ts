/** The escapes of a text, each with what it stands for. */
const escapes: ReadonlyMap<string, string> = new Map([
	['"', '"'],
	['\\', '\\'],
	['n', '\n'],
	['t', '\t'],
	['{', '{'],
	['}', '}'],
]);

export const isEscape = (character: string): boolean => escapes.has(character);

/** What raw characters stand for; an escape that does not exist stands for its character. */
export function unescaped(raw: string): string {
	if (!raw.includes('\\')) return raw;
	return raw.replace(/\\([\s\S])/g, (_, character: string) => escapes.get(character) ?? character);
}

/**
 * The raw characters of a block between its `"""`, in the pieces that its holes leave, without what belongs to the
 * layout: the first and the last line break, the indentation that all lines share, blanks at the ends of lines.
 */
export function dedent(pieces: readonly string[]): string[] {
	const last = pieces.length - 1;
	const lines = pieces.map((piece) => piece.replace(/\r\n?/g, '\n').split('\n'));
	trimLines(lines);
	const opening = lines[0] as string[];
	const closing = lines[last] as string[];
	opening[0] = (opening[0] as string).slice(leadingBlanks(opening[0] as string).length);
	const opensEmpty = opening[0] === '' && opening.length > 1;
	const shared = sharedIndentation(lines);
	for (const piece of lines)
		for (let i = 1; i < piece.length; i++) piece[i] = (piece[i] as string).slice(shared.length);
	if (opensEmpty) opening.shift();
	if (closing.length > 1 && closing.at(-1) === '') closing.pop();
	return lines.map((piece) => piece.join('\n'));
}

/** Blanks before a hole are not at the end of a line; all others that precede a break or the end are. */
function trimLines(lines: string[][]): void {
	lines.forEach((piece, p) => {
		const ends = p === lines.length - 1 ? piece.length : piece.length - 1;
		for (let i = 0; i < ends; i++) piece[i] = withoutTrailingBlanks(piece[i] as string);
	});
}

/** The longest run of spaces and tabs that begins every line with something on it; a hole is something. */
function sharedIndentation(lines: readonly (readonly string[])[]): string {
	let shared: string | null = null;
	lines.forEach((piece, p) => {
		for (let i = 1; i < piece.length; i++) {
			const line = piece[i] as string;
			const beforeHole = i === piece.length - 1 && p < lines.length - 1;
			if (line === '' && !beforeHole) continue;
			const blanks = leadingBlanks(line);
			shared = shared === null ? blanks : commonPrefix(shared, blanks);
		}
	});
	return shared ?? '';
}

function leadingBlanks(line: string): string {
	let end = 0;
	while (line[end] === ' ' || line[end] === '\t') end++;
	return line.slice(0, end);
}

function withoutTrailingBlanks(line: string): string {
	let end = line.length;
	while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
	return line.slice(0, end);
}

function commonPrefix(a: string, b: string): string {
	let length = 0;
	while (length < a.length && a[length] === b[length]) length++;
	return a.slice(0, length);
}
