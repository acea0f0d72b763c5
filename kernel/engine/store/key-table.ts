/** Slots at first, and how full they get. */
const FIRST_SLOTS = 1 << 12;
const MOST_FULL = 0.5;

/**
 * Row numbers by key, for keys that the index does not have yet. Of a key, a sha256 in hex, the first 16 digits tell it
 * from the others: that two of 50,000 share them happens in one of ten thousand million stores. A `Map` of the texts
 * took five times the memory, and kept each text from being collected.
 */
export class KeyTable {
	size = 0;
	private slots = FIRST_SLOTS;
	/** Two words a slot; an empty slot has the row number 0. */
	private words = new Uint32Array(2 * FIRST_SLOTS);
	private ids = new Float64Array(FIRST_SLOTS);

	get(key: string): number | undefined {
		const at = this.slotOf(digits(key, 0), digits(key, 8));
		return this.ids[at] === 0 ? undefined : this.ids[at];
	}

	/** @param id from 1 on; the first one of a key stays */
	add(key: string, id: number): void {
		if (this.size >= this.slots * MOST_FULL) this.grow();
		this.put(digits(key, 0), digits(key, 8), id);
	}

	private put(high: number, low: number, id: number): void {
		const at = this.slotOf(high, low);
		if (this.ids[at] !== 0) return;
		this.words[2 * at] = high;
		this.words[2 * at + 1] = low;
		this.ids[at] = id;
		this.size++;
	}

	/** Where the key is, or where it would be. */
	private slotOf(high: number, low: number): number {
		const { words, ids } = this;
		const mask = this.slots - 1;
		let at = low & mask;
		while (ids[at] !== 0 && (words[2 * at] !== high || words[2 * at + 1] !== low)) at = (at + 1) & mask;
		return at;
	}

	private grow(): void {
		const { words, ids } = this;
		this.slots *= 2;
		this.words = new Uint32Array(2 * this.slots);
		this.ids = new Float64Array(this.slots);
		this.size = 0;
		for (let at = 0; at < ids.length; at++)
			if (ids[at] !== 0) this.put(words[2 * at] as number, words[2 * at + 1] as number, ids[at] as number);
	}
}

/** Eight hex digits as a number. Digit by digit: a part of a text would have to be made for `parseInt`. */
function digits(key: string, from: number): number {
	let value = 0;
	for (let i = from; i < from + 8; i++) {
		const code = key.charCodeAt(i);
		value = (value << 4) | (code <= 57 ? code - 48 : code - 87);
	}
	return value >>> 0;
}
