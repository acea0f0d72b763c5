/** Writes protocol buffers: only what an ONNX model needs. */
export class ProtobufWriter {
	private readonly parts: Uint8Array[] = [];
	private buffer: number[] = [];

	int(field: number, value: number | bigint): this {
		this.varint(field * 8);
		this.varint(value);
		return this;
	}

	float(field: number, value: number): this {
		this.varint(field * 8 + 5);
		this.buffer.push(...new Uint8Array(Float32Array.of(value).buffer));
		return this;
	}

	bytes(field: number, value: Uint8Array): this {
		this.varint(field * 8 + 2);
		this.varint(value.length);
		this.seal();
		this.parts.push(value);
		return this;
	}

	text(field: number, value: string): this {
		return this.bytes(field, Buffer.from(value, 'utf8'));
	}

	message(field: number, write: (inner: ProtobufWriter) => void): this {
		const inner = new ProtobufWriter();
		write(inner);
		return this.bytes(field, inner.finish());
	}

	packedInts(field: number, values: readonly number[]): this {
		const inner = new ProtobufWriter();
		for (const value of values) inner.varint(value);
		return this.bytes(field, inner.finish());
	}

	finish(): Uint8Array {
		this.seal();
		return this.parts.length === 1 ? (this.parts[0] as Uint8Array) : Buffer.concat(this.parts);
	}

	private seal(): void {
		if (this.buffer.length === 0) return;
		this.parts.push(Uint8Array.from(this.buffer));
		this.buffer = [];
	}

	private varint(value: number | bigint): void {
		// Negative numbers take ten bytes, as two's complement in 64 bits.
		let rest = BigInt.asUintN(64, BigInt(value));
		while (rest > 127n) {
			this.buffer.push(Number(rest & 127n) | 128);
			rest >>= 7n;
		}
		this.buffer.push(Number(rest));
	}
}
