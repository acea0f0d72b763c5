import type { Problem } from '../diagnostics/catalogue.ts';
import { contains, type Span } from '../span.ts';
import type { Balanced } from './brackets.ts';

/**
 * One mistake is one problem: of what was found in a declaration, leaves out what most likely follows from something
 * found already. Declarations are asked about in their order, so that long programs cost no more than their length.
 */
export class Followers {
	private readonly broken: Cursor<number>;
	private readonly suspect: Cursor<Span>;
	private readonly stray: Cursor<Problem>;
	private readonly brackets: Cursor<Problem>;

	/** `broken`: where something could not be read at all, so that what is said about its declaration is noise. */
	constructor(broken: readonly number[], { suspect, stray, problems }: Balanced) {
		this.broken = new Cursor(broken, (offset) => offset);
		this.suspect = new Cursor(suspect, (span) => span.start);
		this.brackets = new Cursor(problems, (problem) => problem.span.start);
		this.stray = new Cursor(stray, (problem) => problem.span.start);
	}

	/** What to report of the problems in the declaration that ends before `end`. */
	news(found: readonly Problem[], end: number): readonly Problem[] {
		const broken = this.broken.before(end);
		const suspect = this.suspect.before(end);
		const stray = this.stray.before(end);
		const brackets = this.brackets.before(end);
		if (broken.length > 0) return [];
		const news = found.filter(({ span }) => !suspect.some((inside) => contains(inside, span.start)));
		// A closer that closes nothing shows that an opener is missing, and the first thing wrong shows where.
		if (stray.length > 0) return [...brackets, ...news, ...stray].slice(0, 1);
		return [...brackets, ...news];
	}
}

/** Reads a list once, in the order of its offsets. */
class Cursor<T> {
	private readonly sorted: readonly T[];
	private readonly offsetOf: (value: T) => number;
	private next = 0;

	constructor(values: readonly T[], offsetOf: (value: T) => number) {
		this.sorted = values.toSorted((a, b) => offsetOf(a) - offsetOf(b));
		this.offsetOf = offsetOf;
	}

	/** What lies before `end` and was not given yet. */
	before(end: number): readonly T[] {
		const start = this.next;
		while (this.next < this.sorted.length && this.offsetOf(this.sorted[this.next] as T) < end) this.next++;
		return this.sorted.slice(start, this.next);
	}
}
