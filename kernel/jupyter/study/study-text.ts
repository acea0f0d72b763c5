const HEAD = /^\s*%%assay\b[^\n]*/;

/** The program in a study cell, its first line blank so that lines and offsets stay what they are; null for others. */
export function studyText(code: string): string | null {
	const found = HEAD.exec(code);
	return found && found[0].replace(/[^\n]/g, ' ') + code.slice(found[0].length);
}
