type Name = 'stdout' | 'stderr';

interface Piece {
	readonly name: Name;
	text: string;
}

/** How long output may wait to be sent together with what follows. */
const BATCH_MS = 30;
const BATCH_CHARS = 65_536;
/** Pieces of alternating streams that keep their order within a batch. */
const BATCH_PIECES = 64;
/** After this long without output, so many lines are sent at once before batching begins. */
const QUIET_MS = 500;
const AT_ONCE = 16;
/** Once a cell has ended, how often the latest of what is too much is shown. */
const LATE_TAIL_MS = 5000;

/** What a notebook and a browser still carry: the first so many characters of a cell, and its last. */
export const HEAD_CHARS = 2_000_000;
export const TAIL_CHARS = 100_000;

/**
 * Text of one cell on its way to the front end: sent in batches, by the clock also while the cell blocks. Of a flood
 * the head and the tail are shown, the middle is counted.
 */
export class Streams {
	readonly #publish: (name: Name, text: string) => void;
	readonly #tail = new Tail(TAIL_CHARS);
	#batch: Piece[] = [];
	#batchChars = 0;
	#headLeft = HEAD_CHARS;
	#sentAt = 0;
	#atOnce = AT_ONCE;
	#ended = false;
	#timer: NodeJS.Timeout | null = null;
	#lateTimer: NodeJS.Timeout | null = null;

	constructor(publish: (name: Name, text: string) => void) {
		this.#publish = publish;
	}

	write(name: Name, text: string): void {
		if (text === '') return;
		const fits = text.length <= this.#headLeft ? text : cut(text, this.#headLeft);
		this.#headLeft -= fits.length;
		if (fits !== '') this.#add(name, fits);
		if (fits.length < text.length) this.#overflow(name, text.slice(fits.length));
	}

	/** So many bytes were never read, and what follows is the end. */
	passOver(bytes: number): void {
		this.#headLeft = 0;
		this.#tail.passOver(bytes);
	}

	/** Sends what waits. */
	flush(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		const batch = this.#batch;
		this.#batch = [];
		this.#batchChars = 0;
		const now = performance.now();
		if (now - this.#sentAt >= QUIET_MS) this.#atOnce = AT_ONCE;
		this.#sentAt = now;
		for (const { name, text } of batch) this.#publish(name, text);
	}

	/** The cell has ended: shows the end of what was too much. Later output still comes. */
	end(): void {
		this.flush();
		this.#showTail();
		this.#ended = true;
	}

	#add(name: Name, text: string): void {
		const piece = this.#pieceFor(name);
		if (piece) piece.text += text;
		else this.#batch.push({ name, text });
		this.#batchChars += text.length;
		const now = performance.now();
		if (this.#mayGoAtOnce(now)) this.flush();
		else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS).unref();
	}

	/** What is written before a long loop is seen while it runs: the first few lines do not wait for the timer. */
	#mayGoAtOnce(now: number): boolean {
		if (this.#batchChars >= BATCH_CHARS || now - this.#sentAt >= 2 * BATCH_MS) return true;
		return this.#atOnce-- > 0;
	}

	#pieceFor(name: Name): Piece | undefined {
		const last = this.#batch.at(-1);
		if (last?.name === name) return last;
		return this.#batch.length < BATCH_PIECES
			? undefined
			: this.#batch.findLast((piece) => piece.name === name);
	}

	#overflow(name: Name, text: string): void {
		this.#tail.push(name, text);
		if (this.#ended) this.#lateTimer ??= setTimeout(() => this.#showLateTail(), LATE_TAIL_MS).unref();
	}

	#showLateTail(): void {
		this.#lateTimer = null;
		this.#showTail();
	}

	#showTail(): void {
		const { leftOut, pieces } = this.#tail.take();
		if (leftOut) this.#publish('stderr', `\n[… ${leftOut} left out here: too much for a notebook …]\n`);
		for (const { name, text } of pieces) this.#publish(name, text);
	}
}

/** The last characters of what is pushed, and how much went before them. */
class Tail {
	readonly #capacity: number;
	#pieces: Piece[] = [];
	#chars = 0;
	#lostChars = 0;
	#lostLines = 0;
	/** Of what was passed over nobody knows the lines, and its characters are at most its bytes. */
	#isCounted = true;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	push(name: Name, text: string): void {
		const kept = text.length <= this.#capacity ? text : text.slice(text.length - this.#capacity);
		this.#lose(text.slice(0, text.length - kept.length));
		this.#pieces.push({ name, text: kept });
		this.#chars += kept.length;
		if (this.#chars > 2 * this.#capacity) this.#trim();
	}

	passOver(bytes: number): void {
		this.#lostChars += bytes;
		this.#isCounted = false;
	}

	take(): { readonly leftOut: string | null; readonly pieces: readonly Piece[] } {
		this.#trim();
		const leftOut = this.#lostChars === 0 ? null : this.#lost();
		const pieces = joined(this.#pieces);
		this.#pieces = [];
		this.#chars = 0;
		this.#lostChars = 0;
		this.#lostLines = 0;
		this.#isCounted = true;
		return { leftOut, pieces };
	}

	#lost(): string {
		const chars = this.#lostChars.toLocaleString('en');
		return this.#isCounted
			? `${this.#lostLines.toLocaleString('en')} lines (${chars} characters)`
			: `about ${chars} characters`;
	}

	#trim(): void {
		let first = 0;
		while (this.#chars - (this.#pieces[first]?.text.length ?? 0) >= this.#capacity) {
			const { text } = this.#pieces[first++] as Piece;
			this.#chars -= text.length;
			this.#lose(text);
		}
		this.#pieces.splice(0, first);
	}

	#lose(text: string): void {
		this.#lostChars += text.length;
		for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lostLines++;
	}
}

/** Pieces of one stream that follow each other become one. */
function joined(pieces: readonly Piece[]): Piece[] {
	const groups: { readonly name: Name; readonly texts: string[] }[] = [];
	for (const { name, text } of pieces) {
		const last = groups.at(-1);
		if (last?.name === name) last.texts.push(text);
		else groups.push({ name, texts: [text] });
	}
	return groups.map(({ name, texts }) => ({ name, text: texts.join('') }));
}

/** The first `length` characters, never half of a surrogate pair. */
function cut(text: string, length: number): string {
	const unit = text.charCodeAt(length - 1);
	return text.slice(0, unit >= 0xd800 && unit < 0xdc00 ? length - 1 : length);
}
