import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { gguf } from '@huggingface/gguf';
import { GGUF_STORAGES } from '../../stdlib/models/lm/dequantise.ts';

/** ggml's number of single precision. */
const F32 = 0;
const ALIGNMENT = 32;

const aligned = (at: number): number => Math.ceil(at / ALIGNMENT) * ALIGNMENT;

/**
 * Writes a GGUF file again with every tensor in single precision: the same numbers, without their blocks.
 * @param more whole numbers for its metadata
 */
export async function writeSinglePrecision(
	from: string,
	to: string,
	more: Readonly<Record<string, number>> = {},
): Promise<void> {
	const { tensorInfos, tensorDataOffset } = await gguf(from, { allowLocalFile: true });
	const bytes = readFileSync(from);
	const dataStart = Number(tensorDataOffset);
	const infos = tensorInfos.map(({ name, shape, dtype, offset }) => {
		const dims = shape.map(Number);
		const size = dims.reduce((product, dim) => product * dim, 1);
		return { name, dims, size, dtype: Number(dtype), offset: dataStart + Number(offset) };
	});
	// What stands before the list of tensors stays as it is: metadata with the tokenizer.
	const first = nameBytes(infos[0]?.name as string);
	const head = withMetadata(bytes.subarray(0, bytes.subarray(0, dataStart).lastIndexOf(first)), more);
	let place = 0;
	const list = Buffer.concat(
		infos.map(({ name, dims, size }) => {
			const info = Buffer.alloc(4 + 8 * dims.length + 4 + 8);
			info.writeUInt32LE(dims.length, 0);
			dims.forEach((dim, i) => {
				info.writeBigUInt64LE(BigInt(dim), 4 + 8 * i);
			});
			info.writeUInt32LE(F32, 4 + 8 * dims.length);
			info.writeBigUInt64LE(BigInt(place), 8 + 8 * dims.length);
			place = aligned(place + 4 * size);
			return Buffer.concat([nameBytes(name), info]);
		}),
	);
	const file = openSync(to, 'w');
	try {
		writeSync(file, head, 0, head.length, 0);
		writeSync(file, list, 0, list.length, head.length);
		let at = aligned(head.length + list.length);
		for (const { name, size, dtype, offset } of infos) {
			const storage = GGUF_STORAGES.get(dtype);
			if (!storage) throw new Error(`${name} is stored as ${dtype}`);
			const values = new Float32Array(size);
			const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
			storage.read(view, offset, size / storage.values, values);
			const data = Buffer.from(values.buffer);
			writeSync(file, data, 0, data.length, at);
			at = aligned(at + data.length);
		}
	} finally {
		closeSync(file);
	}
}

/** Whole numbers behind the metadata that is there; their count stands after magic, version and the count of tensors. */
function withMetadata(head: Buffer, more: Readonly<Record<string, number>>): Buffer {
	const entries = Object.entries(more).map(([name, value]) => {
		const typed = Buffer.alloc(8);
		typed.writeUInt32LE(UINT32, 0);
		typed.writeUInt32LE(value, 4);
		return Buffer.concat([nameBytes(name), typed]);
	});
	const made = Buffer.concat([head, ...entries]);
	made.writeBigUInt64LE(head.readBigUInt64LE(COUNT_AT) + BigInt(entries.length), COUNT_AT);
	return made;
}

const UINT32 = 4;
const COUNT_AT = 16;

function nameBytes(name: string): Buffer {
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(Buffer.byteLength(name)));
	return Buffer.concat([length, Buffer.from(name)]);
}
