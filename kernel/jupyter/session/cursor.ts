/** The protocol counts characters as Unicode code points; JavaScript and the engine count UTF-16 units. */

/** Where the code point at `position` begins; positions beyond the end are the end. */
export function utf16Offset(text: string, position: number): number {
	let offset = 0;
	for (let left = position; left > 0 && offset < text.length; left--) offset += widthAt(text, offset);
	return offset;
}

/** How many code points stand before the UTF-16 offset. */
export function codePoints(text: string, offset: number): number {
	let count = 0;
	for (let at = 0; at < Math.min(offset, text.length); at += widthAt(text, at)) count++;
	return count;
}

const widthAt = (text: string, offset: number): number => ((text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1);
