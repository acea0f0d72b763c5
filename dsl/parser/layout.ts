/** How many characters stand before `offset` on its line; a tab counts one. */
export function columnOf(text: string, offset: number): number {
	let start = offset;
	while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
	return offset - start;
}
