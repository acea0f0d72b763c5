/** First in, first out; taking from the front does not move the rest. */
export class JobQueue<T> {
	private items: (T | undefined)[] = [];
	private head = 0;

	get length(): number {
		return this.items.length - this.head;
	}

	push(item: T): void {
		this.items.push(item);
	}

	peek(): T | undefined {
		return this.items[this.head];
	}

	/** For one that has waited its turn before. */
	putFirst(item: T): void {
		if (this.head > 0) this.items[--this.head] = item;
		else this.items.unshift(item);
	}

	shift(): T | undefined {
		const item = this.items[this.head];
		if (this.length > 0) this.items[this.head++] = undefined;
		if (this.head > 1024 && this.head * 2 > this.items.length) {
			this.items = this.items.slice(this.head);
			this.head = 0;
		}
		return item;
	}

	takeAll(): T[] {
		const all = this.items.slice(this.head) as T[];
		this.items = [];
		this.head = 0;
		return all;
	}
}
