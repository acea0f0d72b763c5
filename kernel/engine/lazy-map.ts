/** A map whose values are made when they are first asked for: columns that a plan kept stay in the store until read. */
export class LazyMap<K, V> implements ReadonlyMap<K, V> {
	private readonly makers = new Map<K, () => V>();
	private readonly made = new Map<K, V>();

	set(key: K, make: () => V): void {
		this.makers.set(key, make);
		this.made.delete(key);
	}

	get size(): number {
		return this.makers.size;
	}

	has(key: K): boolean {
		return this.makers.has(key);
	}

	get(key: K): V | undefined {
		const make = this.makers.get(key);
		if (!make) return undefined;
		if (!this.made.has(key)) this.made.set(key, make());
		return this.made.get(key);
	}

	keys(): MapIterator<K> {
		return this.makers.keys();
	}

	values(): MapIterator<V> {
		return this.all().values();
	}

	entries(): MapIterator<[K, V]> {
		return this.all().entries();
	}

	[Symbol.iterator](): MapIterator<[K, V]> {
		return this.entries();
	}

	forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
		for (const [key, value] of this.entries()) visit(value, key, this);
	}

	private all(): Map<K, V> {
		return new Map(Array.from(this.makers.keys(), (key) => [key, this.get(key) as V]));
	}
}
