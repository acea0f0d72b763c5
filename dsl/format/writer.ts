import type { Document } from './document.ts';

export const WIDTH = 100;
const INDENTATION = 2;

interface Command {
	readonly indentation: number;
	readonly flat: boolean;
	readonly document: Document;
}

/** Lays a document out in lines of `width` where it can. */
export function write(document: Document, width: number = WIDTH): string {
	const writer = new Writer(width);
	writer.run(document);
	return writer.result();
}

class Writer {
	private readonly width: number;
	private readonly lines: string[] = [];
	private line = '';
	private indentation = 0;
	/** Nothing stands on the line yet. */
	private fresh = true;
	/** The line ends with a comment: what comes next must not follow on it. */
	private sealed = false;
	private lastSealed = false;

	constructor(width: number) {
		this.width = width;
	}

	result(): string {
		const lines = [...this.lines, this.line.trimEnd()];
		while (lines.at(-1) === '') lines.pop();
		return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
	}

	run(document: Document): void {
		const stack: Command[] = [{ indentation: 0, flat: false, document }];
		for (let command = stack.pop(); command !== undefined; command = stack.pop()) this.step(command, stack);
	}

	private step(command: Command, stack: Command[]): void {
		const { document, indentation, flat } = command;
		if (typeof document === 'string') {
			this.text(document, indentation);
			return;
		}
		switch (document.kind) {
			case 'concat':
				for (let i = document.parts.length - 1; i >= 0; i--)
					stack.push({ indentation, flat, document: document.parts[i] as Document });
				break;
			case 'group': {
				const next = { indentation, flat: true, document: document.content };
				const fits = flat || (!document.breaks && this.fits(next, stack));
				stack.push(fits ? next : { ...next, flat: false });
				break;
			}
			case 'indent':
				stack.push({ indentation: indentation + INDENTATION, flat, document: document.content });
				break;
			case 'line':
				if (flat) this.text(document.flat, indentation);
				else this.newline(indentation);
				break;
			case 'hardline':
				this.newline(indentation);
				break;
			case 'blank':
				if (!flat) this.blank(indentation);
				break;
			case 'comment':
				this.comment(document.text, document.trailing, indentation);
				break;
			case 'lines':
				this.block(document.lines, indentation);
				break;
			case 'break':
				break;
		}
	}

	private text(text: string, indentation: number): void {
		if (text === '') return;
		if (this.sealed) this.newline(indentation);
		if (this.fresh && text.trim() === '') return;
		if (this.fresh) this.line = ' '.repeat(this.indentation);
		this.line += text;
		this.fresh = false;
	}

	private newline(indentation: number): void {
		if (!this.fresh) {
			this.lines.push(this.line.trimEnd());
			this.lastSealed = this.sealed;
		}
		this.line = '';
		this.indentation = indentation;
		this.fresh = true;
		this.sealed = false;
	}

	private blank(indentation: number): void {
		this.newline(indentation);
		if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('');
	}

	private block(lines: readonly string[], indentation: number): void {
		this.newline(indentation);
		for (const line of lines) this.lines.push(line === '' ? '' : `${' '.repeat(indentation)}${line}`);
		this.lastSealed = false;
	}

	/** Behind what stands on its line, or behind the line before when a break came first; else on a line of its own. */
	private comment(text: string, trailing: boolean, indentation: number): void {
		const last = this.lines.at(-1);
		if (trailing && this.fresh && !this.lastSealed && last !== undefined && last !== '') {
			this.lines[this.lines.length - 1] = `${last}  ${text}`;
			this.lastSealed = true;
			return;
		}
		if (trailing && !this.fresh && !this.sealed) this.line = `${this.line.trimEnd()}  ${text}`;
		else {
			this.newline(indentation);
			this.line = `${' '.repeat(indentation)}${text}`;
		}
		this.fresh = false;
		this.sealed = true;
	}

	/** Whether a group and what follows it up to the next break fit on the line. */
	private fits(first: Command, rest: readonly Command[]): boolean {
		let room = this.width - (this.fresh ? this.indentation : this.line.length);
		let behind = rest.length;
		const stack: Command[] = [first];
		while (room >= 0) {
			const command = stack.pop() ?? rest[--behind];
			if (command === undefined) return true;
			const { document, indentation, flat } = command;
			if (typeof document === 'string') room -= document.length;
			else if (document.kind === 'concat')
				for (let i = document.parts.length - 1; i >= 0; i--)
					stack.push({ indentation, flat, document: document.parts[i] as Document });
			// Groups that follow may still break, so what is asked is only whether the line fits up to there.
			else if (document.kind === 'group')
				stack.push({ indentation, flat: flat && !document.breaks, document: document.content });
			else if (document.kind === 'indent') stack.push({ indentation, flat, document: document.content });
			else if (document.kind === 'line') {
				if (!flat) return true;
				room -= document.flat.length;
			} else if (document.kind === 'hardline' || document.kind === 'lines' || document.kind === 'comment')
				return true;
		}
		return false;
	}
}

/** A document without breaks as one line, however long. */
export const writeFlat = (document: Document): string => write(document, Number.POSITIVE_INFINITY).trimEnd();
