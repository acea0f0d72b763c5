/** Remembers the latest so many texts; memory stays bounded, as the older half is dropped when it is full. */
export class Seen {
	readonly #half: number;
	#young = new Set<string>();
	#old = new Set<string>();

	constructor(capacity: number) {
		this.#half = capacity / 2;
	}

	/** False when the text was there. */
	add(text: string): boolean {
		if (this.#young.has(text) || this.#old.has(text)) return false;
		if (this.#young.size >= this.#half) {
			this.#old = this.#young;
			this.#young = new Set();
		}
		this.#young.add(text);
		return true;
	}
}
