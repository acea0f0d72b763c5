import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../../define.ts';
import { sizeOf } from '../../nets/graph.ts';
import { SAFETENSORS_STORAGES } from './dequantise.ts';
import type { StoredTensor } from './tensor-reader.ts';

const entry = z.object({
	dtype: z.string(),
	shape: z.array(z.number().int().nonnegative()),
	data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/** What the format allows for a header. */
const MOST_BYTES = 100e6;

/** The tensors of a safetensors file. @throws {UserError} for a file that is damaged or none */
export function safetensorsHeader(path: string): StoredTensor[] {
	const file = openSync(path, 'r');
	try {
		const { size } = fstatSync(file);
		const length = headerLength(file, size, path);
		const text = Buffer.alloc(length);
		if (readSync(file, text, 0, length, 8) < length) throw cutShort(path);
		return Object.entries(parsed(text.toString('utf8'), path)).flatMap(([name, value]) =>
			name === '__metadata__' ? [] : [storedTensor(name, value, 8 + length, path)],
		);
	} finally {
		closeSync(file);
	}
}

const cutShort = (path: string): UserError =>
	new UserError(`${path} ends in the middle of its header`, 'fetch it again');

function headerLength(file: number, size: number, path: string): number {
	const first = Buffer.alloc(8);
	if (readSync(file, first, 0, 8, 0) < 8) throw cutShort(path);
	const length = Number(first.readBigUInt64LE());
	if (length > MOST_BYTES) throw new UserError(`${path} is not a safetensors file`);
	if (8 + length > size) throw cutShort(path);
	return length;
}

function parsed(text: string, path: string): Record<string, unknown> {
	try {
		return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
	} catch (error) {
		throw new UserError(`${path} is not a safetensors file: its header cannot be read`, null, error);
	}
}

function storedTensor(name: string, value: unknown, start: number, path: string): StoredTensor {
	const found = entry.safeParse(value);
	if (!found.success) throw new UserError(`${path} does not say what the tensor ${name} is`);
	const { dtype, shape, data_offsets } = found.data;
	const [from, to] = data_offsets;
	const storage = SAFETENSORS_STORAGES.get(dtype);
	if (!storage)
		throw new UserError(
			`in ${path} the tensor ${name} is ${dtype}, which lm cannot read`,
			`lm reads ${[...SAFETENSORS_STORAGES.keys()].join(', ')}`,
		);
	if (to - from !== sizeOf(shape) * storage.bytes)
		throw new UserError(
			`in ${path} the tensor ${name} has ${to - from} bytes, which is not what [${shape.join(', ')}] of ${dtype} takes`,
		);
	return { name, shape, storage, offset: start + from };
}
