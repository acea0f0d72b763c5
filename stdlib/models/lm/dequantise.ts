/** How a file stores the numbers of a tensor: blocks of `values` numbers in `bytes` bytes, read one after the other. */
export interface Storage {
	readonly name: string;
	readonly values: number;
	readonly bytes: number;
	/** Writes the numbers of `blocks` blocks, whose bytes begin at `at`, to `into` from 0. */
	read(view: DataView, at: number, blocks: number, into: Float32Array): void;
}

/** Reads block after block. */
const blockwise =
	(
		values: number,
		bytes: number,
		block: (view: DataView, at: number, into: Float32Array, to: number) => void,
	): Storage['read'] =>
	(view, at, blocks, into) => {
		for (let i = 0; i < blocks; i++) block(view, at + i * bytes, into, i * values);
	};

const storage = (
	name: string,
	values: number,
	bytes: number,
	block: (view: DataView, at: number, into: Float32Array, to: number) => void,
): Storage => ({ name, values, bytes, read: blockwise(values, bytes, block) });

const half = (view: DataView, at: number): number => view.getFloat16(at, true);

export const F32 = storage('F32', 1, 4, (view, at, into, to) => {
	into[to] = view.getFloat32(at, true);
});

export const F16 = storage('F16', 1, 2, (view, at, into, to) => {
	into[to] = half(view, at);
});

/** The upper half of a single. */
export const BF16: Storage = {
	name: 'BF16',
	values: 1,
	bytes: 2,
	read(view, at, blocks, into) {
		const bits = new Uint32Array(into.buffer, into.byteOffset, blocks);
		for (let i = 0; i < blocks; i++) bits[i] = view.getUint16(at + 2 * i, true) << 16;
	},
};

/** Four bits a number: the lower halves of 16 bytes first, then the upper ones; scaled, then shifted. */
function nibbles(
	view: DataView,
	at: number,
	into: Float32Array,
	to: number,
	scale: number,
	shift: number,
): void {
	for (let i = 0; i < 16; i++) {
		const byte = view.getUint8(at + i);
		into[to + i] = (byte & 15) * scale + shift;
		into[to + 16 + i] = (byte >> 4) * scale + shift;
	}
}

const Q4_0 = storage('Q4_0', 32, 18, (view, at, into, to) => {
	const scale = half(view, at);
	nibbles(view, at + 2, into, to, scale, -8 * scale);
});

const Q4_1 = storage('Q4_1', 32, 20, (view, at, into, to) =>
	nibbles(view, at + 4, into, to, half(view, at), half(view, at + 2)),
);

const Q5_1 = storage('Q5_1', 32, 24, (view, at, into, to) => {
	const [scale, shift, fifths] = [half(view, at), half(view, at + 2), view.getUint32(at + 4, true)];
	for (let i = 0; i < 16; i++) {
		const byte = view.getUint8(at + 8 + i);
		into[to + i] = ((byte & 15) | (((fifths >>> i) & 1) << 4)) * scale + shift;
		into[to + 16 + i] = ((byte >> 4) | (((fifths >>> (16 + i)) & 1) << 4)) * scale + shift;
	}
});

const Q8_0 = storage('Q8_0', 32, 34, (view, at, into, to) => {
	const scale = half(view, at);
	for (let i = 0; i < 32; i++) into[to + i] = view.getInt8(at + 2 + i) * scale;
});

/** Six bits of scale and six of minimum for each of eight groups, packed into twelve bytes. */
function groupScale(view: DataView, at: number, group: number): readonly [scale: number, minimum: number] {
	const byte = (i: number): number => view.getUint8(at + i);
	if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
	const low = byte(group + 4);
	return [(low & 15) | ((byte(group - 4) >> 6) << 4), (low >> 4) | ((byte(group) >> 6) << 4)];
}

const Q4_K = storage('Q4_K', 256, 144, (view, at, into, to) => {
	const [scale, minimum] = [half(view, at), half(view, at + 2)];
	for (let group = 0; group < 8; group++) {
		const [s, m] = groupScale(view, at + 4, group);
		const bytes = at + 16 + 32 * (group >> 1);
		const bits = group % 2 === 0 ? 0 : 4;
		for (let i = 0; i < 32; i++)
			into[to + 32 * group + i] = scale * s * ((view.getUint8(bytes + i) >> bits) & 15) - minimum * m;
	}
});

/** 128 bytes of lower four bits, 64 of upper two, a scale for every 16 numbers, and one for all. */
const Q6_K = storage('Q6_K', 256, 210, (view, at, into, to) => {
	const scale = half(view, at + 208);
	for (let i = 0; i < 256; i++) {
		const [side, place] = [i >> 7, i & 127];
		const low = view.getUint8(at + 64 * side + (place & 63)) >> (place < 64 ? 0 : 4);
		const high = view.getUint8(at + 128 + 32 * side + (place & 31)) >> (2 * (place >> 5));
		const value = ((low & 15) | ((high & 3) << 4)) - 32;
		into[to + i] = scale * view.getInt8(at + 192 + (i >> 4)) * value;
	}
});

/** By the numbers that GGUF files know them by (ggml's `ggml_type`). */
export const GGUF_STORAGES: ReadonlyMap<number, Storage> = new Map([
	[0, F32],
	[1, F16],
	[2, Q4_0],
	[3, Q4_1],
	[7, Q5_1],
	[8, Q8_0],
	[12, Q4_K],
	[14, Q6_K],
	[30, BF16],
]);

/** By the names that safetensors files know them by. */
export const SAFETENSORS_STORAGES: ReadonlyMap<string, Storage> = new Map(
	[F32, F16, BF16].map((kind) => [kind.name, kind]),
);
