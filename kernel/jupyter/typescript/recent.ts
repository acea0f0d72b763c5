/** A map of the entries that were used last, as many as it may hold. */
export class Recent<K, V> {
	private readonly entries = new Map<K, V>();
	private readonly capacity: number;

	constructor(capacity: number) {
		this.capacity = capacity;
	}

	get(key: K): V | undefined {
		const value = this.entries.get(key);
		if (value !== undefined) this.set(key, value);
		return value;
	}

	set(key: K, value: V): void {
		this.entries.delete(key);
		this.entries.set(key, value);
		if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value as K);
	}

	clear(): void {
		this.entries.clear();
	}
}
