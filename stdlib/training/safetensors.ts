import { UserError } from '../define.ts';
import { sizeOf } from '../nets/graph.ts';
import type { WeightValue, WeightValues } from '../nets/weights.ts';

/** Tensors and texts in one file, in the safetensors format: 8 bytes of length, a JSON header, the numbers. */
export interface TensorFile {
	readonly tensors: WeightValues;
	readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly data_offsets: readonly [number, number];
}

const ALIGNMENT = 8;

export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
	const header: Record<string, unknown> = { __metadata__: metadata };
	let offset = 0;
	for (const [name, { shape, data }] of tensors) {
		header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
		offset += data.byteLength;
	}
	const text = new TextEncoder().encode(JSON.stringify(header));
	const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
	const bytes = new Uint8Array(8 + headerLength + offset);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
	bytes.fill(0x20, 8, 8 + headerLength);
	bytes.set(text, 8);
	let at = 8 + headerLength;
	for (const { data } of tensors.values()) {
		bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
		at += data.byteLength;
	}
	return bytes;
}

/** @throws {UserError} for bytes that are no such file, or hold anything but 32-bit floats */
export function decodeTensors(bytes: Uint8Array): TensorFile {
	const { header, start } = headerOf(bytes);
	const tensors = new Map<string, WeightValue>();
	for (const [name, entry] of Object.entries(header)) {
		if (name !== '__metadata__') tensors.set(name, tensorOf(name, entry as Entry, bytes, start));
	}
	return { tensors, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

function headerOf(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
	const damaged = new UserError('these bytes are no safetensors file');
	if (bytes.length < 8) throw damaged;
	const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
	if (8 + length > bytes.length) throw damaged;
	try {
		const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
		return { header: JSON.parse(text) as Record<string, unknown>, start: 8 + length };
	} catch {
		throw damaged;
	}
}

function tensorOf(name: string, { dtype, shape, data_offsets }: Entry, bytes: Uint8Array, start: number) {
	if (dtype !== 'F32') throw new UserError(`the tensor ${name} is ${dtype}; only F32 can be read`);
	const [from, to] = data_offsets;
	if (to - from !== 4 * sizeOf(shape) || start + to > bytes.length)
		throw new UserError(`the tensor ${name} does not fit its shape`);
	// A copy, since the numbers may stand at an odd place; not `slice`, which of a Buffer is no copy.
	return { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer) };
}
