interface Entry<T> {
	readonly item: T;
	/** Among equal ranks, the smaller turn is earlier. */
	readonly turn: number;
}

/**
 * Least rank first and, among equal ranks, first in, first out. Ranks are row numbers: a row that has begun is ended before
 * later ones begin, so that a run that is cut short has whole rows and not many halves.
 */
export class JobQueue<T extends { readonly rank: number }> {
	/** A binary heap. */
	private heap: Entry<T>[] = [];
	private last = 0;
	private first = 0;

	get length(): number {
		return this.heap.length;
	}

	push(item: T): void {
		this.add({ item, turn: ++this.last });
	}

	peek(): T | undefined {
		return this.heap[0]?.item;
	}

	/** For one that has waited its turn before: first of its rank. */
	putFirst(item: T): void {
		this.add({ item, turn: --this.first });
	}

	shift(): T | undefined {
		const top = this.heap[0];
		const end = this.heap.pop();
		if (end && this.heap.length > 0) this.sink(end);
		return top?.item;
	}

	/** In their order. */
	takeAll(): T[] {
		const all = this.heap.sort((a, b) => (comesBefore(a, b) ? -1 : 1)).map(({ item }) => item);
		this.heap = [];
		return all;
	}

	private add(entry: Entry<T>): void {
		const { heap } = this;
		let at = heap.length;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			const above = heap[parent] as Entry<T>;
			if (!comesBefore(entry, above)) break;
			heap[at] = above;
			at = parent;
		}
		heap[at] = entry;
	}

	/** Puts an entry into the place of the first. */
	private sink(entry: Entry<T>): void {
		const { heap } = this;
		let at = 0;
		for (let child = 1; child < heap.length; child = 2 * at + 1) {
			const right = heap[child + 1];
			if (right && comesBefore(right, heap[child] as Entry<T>)) child++;
			const below = heap[child] as Entry<T>;
			if (!comesBefore(below, entry)) break;
			heap[at] = below;
			at = child;
		}
		heap[at] = entry;
	}
}

const comesBefore = <T extends { readonly rank: number }>(a: Entry<T>, b: Entry<T>): boolean =>
	a.item.rank === b.item.rank ? a.turn < b.turn : a.item.rank < b.item.rank;
