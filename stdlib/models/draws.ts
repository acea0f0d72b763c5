import type { Message } from '../values/prompt.ts';

/**
 * Uniform draws that depend on a request's text and a seed only: what the simulated responder decides by. Not
 * cryptographic, and cheap enough for a million requests a few seconds long.
 */
export class Draws {
	private a = 0;
	private b = 0;

	/** Starts anew from a root (a hash of settings) and the messages. */
	fromMessages(root: number, messages: readonly Message[]): this {
		this.start(root);
		for (const message of messages) {
			this.mix(message.role.charCodeAt(0));
			this.text(message.content);
		}
		return this;
	}

	fromText(root: number, text: string): this {
		this.start(root);
		this.text(text);
		return this;
	}

	mix(word: number): this {
		this.a = Math.imul(this.a ^ word, 0x85ebca77);
		this.b = Math.imul(this.b ^ word, 0xc2b2ae3d);
		return this;
	}

	/** Uniform in [0, 1), 53 bits; each call is the next draw. */
	next(): number {
		return ((this.word() >>> 5) * 67108864 + (this.word() >>> 6)) / 9007199254740992;
	}

	/** Uniform whole number in [0, n). */
	below(n: number): number {
		return Math.floor(this.next() * n);
	}

	private start(root: number): void {
		this.a = root ^ 0xdeadbeef;
		this.b = Math.imul(root, 0x9e3779b1) ^ 0x41c6ce57;
	}

	/** cyrb53's two lanes over the UTF-16 units. */
	private text(text: string): void {
		let a = this.a;
		let b = this.b;
		for (let i = 0; i < text.length; i++) {
			const unit = text.charCodeAt(i);
			a = Math.imul(a ^ unit, 0x85ebca77);
			b = Math.imul(b ^ unit, 0xc2b2ae3d);
		}
		// The length keeps "ab" + "c" apart from "a" + "bc".
		this.a = Math.imul(a ^ (b >>> 15) ^ text.length, 0x735a2d97);
		this.b = Math.imul(b ^ (a >>> 15) ^ text.length, 0xcaf649a9);
	}

	/** splitmix32 (Steele, Lea & Flood 2014) on one lane, keyed by the other. */
	private word(): number {
		this.a = (this.a + 0x9e3779b9) | 0;
		let z = this.a ^ this.b;
		z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
		z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
		return (z ^ (z >>> 16)) >>> 0;
	}
}
