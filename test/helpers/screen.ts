// biome-ignore lint/suspicious/noControlCharactersInRegex: it reads control sequences.
const PIECES = /\u001b\[\??[\d;]*[A-Za-z]|./gsu;

/** A terminal of so many columns: what is on it after the escape sequences that progress displays use. */
export class Screen {
	readonly columns: number;
	readonly writes: string[] = [];
	cursorVisible = true;
	/** The widest line that was ever written, in code units; lines here hold no wide characters. */
	widest = 0;
	private readonly lines: string[] = [''];
	private row = 0;
	private column = 0;

	constructor(columns: number) {
		this.columns = columns;
	}

	get text(): string {
		return this.lines
			.map((line) => line.trimEnd())
			.join('\n')
			.trimEnd();
	}

	write(text: string): void {
		this.writes.push(text);
		for (const [part] of text.matchAll(PIECES)) {
			if (part.startsWith('\u001b[')) this.control(part.slice(2));
			else if (part === '\n') this.lineFeed();
			else if (part === '\r') this.column = 0;
			else this.put(part);
		}
	}

	private put(character: string): void {
		const line = (this.lines[this.row] ?? '').padEnd(this.column);
		this.lines[this.row] =
			line.slice(0, this.column) + character + line.slice(this.column + character.length);
		this.column += character.length;
		this.widest = Math.max(this.widest, this.column);
	}

	private lineFeed(): void {
		this.row++;
		this.column = 0;
		this.lines[this.row] ??= '';
	}

	private control(sequence: string): void {
		if (sequence === '?25l') this.cursorVisible = false;
		else if (sequence === '?25h') this.cursorVisible = true;
		else if (sequence === 'K') this.lines[this.row] = (this.lines[this.row] ?? '').slice(0, this.column);
		else if (sequence === 'J') {
			this.lines.length = this.row + 1;
			this.control('K');
		} else if (sequence.endsWith('A')) this.row = Math.max(0, this.row - Number.parseInt(sequence, 10));
		else if (!/^(\?2026[hl]|[\d;]*m)$/.test(sequence))
			throw new Error(`no such control sequence here: ${sequence}`);
	}
}
