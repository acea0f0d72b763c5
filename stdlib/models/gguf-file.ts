import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { UserError } from '../define.ts';

/** What is known of a GGUF file without loading it. */
export interface Weights {
	readonly sha256: string;
	/** Number of weights: the elements of all tensors. */
	readonly parameters: number;
	readonly bytes: number;
}

/** Hash and size of the weights; kept beside the file as long as its length and time of change stay the same. */
export function describeWeights(path: string): Weights {
	const { size, mtimeMs } = statSync(path);
	const sidecar = `${path}.assay.json`;
	const kept = readSidecar(sidecar);
	if (kept && kept.bytes === size && kept.mtimeMs === mtimeMs) return kept;
	const weights = { sha256: hashFile(path), parameters: countParameters(path), bytes: size };
	try {
		writeFileSync(sidecar, `${JSON.stringify({ ...weights, mtimeMs })}\n`);
	} catch {
		// A folder that cannot be written to costs a second of hashing each time, and nothing else.
	}
	return weights;
}

function readSidecar(path: string): (Weights & { readonly mtimeMs: number }) | null {
	try {
		const kept = JSON.parse(readFileSync(path, 'utf8'));
		return /^[0-9a-f]{64}$/.test(kept.sha256) && kept.parameters > 0 ? kept : null;
	} catch {
		return null;
	}
}

export function hashFile(path: string): string {
	const hash = createHash('sha256');
	const file = openSync(path, 'r');
	try {
		const buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
		for (;;) {
			const length = readSync(file, buffer);
			if (length === 0) return hash.digest('hex');
			hash.update(buffer.subarray(0, length));
		}
	} finally {
		closeSync(file);
	}
}

/** Bytes of each scalar type of GGUF's metadata; 8 is text and 9 a list. */
const SCALAR_BYTES: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const TEXT = 8;
const LIST = 9;

/** Walks the header of a GGUF file (versions 2 and 3; ggml's docs/gguf.md) to its list of tensors. */
export function countParameters(path: string): number {
	const reader = new HeaderReader(path);
	try {
		if (reader.u32() !== 0x46554747) throw new UserError(`${path} is not a GGUF file`);
		const version = reader.u32();
		if (version < 2 || version > 3)
			throw new UserError(`${path} is GGUF version ${version}; versions 2 and 3 can be read`);
		const tensors = reader.u64();
		const entries = reader.u64();
		for (let i = 0; i < entries; i++) {
			reader.skipText();
			skipValue(reader, reader.u32());
		}
		let parameters = 0;
		for (let i = 0; i < tensors; i++) {
			reader.skipText();
			let elements = 1;
			for (let dims = reader.u32(); dims > 0; dims--) elements *= reader.u64();
			reader.skip(12);
			parameters += elements;
		}
		return parameters;
	} finally {
		reader.close();
	}
}

function skipValue(reader: HeaderReader, type: number): void {
	if (type === TEXT) {
		reader.skipText();
	} else if (type === LIST) {
		const itemType = reader.u32();
		const count = reader.u64();
		const bytes = SCALAR_BYTES[itemType] ?? 0;
		if (bytes > 0) reader.skip(bytes * count);
		else for (let i = 0; i < count; i++) skipValue(reader, itemType);
	} else {
		const bytes = SCALAR_BYTES[type];
		if (bytes === undefined) throw new UserError(`${reader.path} has metadata of an unknown type (${type})`);
		reader.skip(bytes);
	}
}

/** Reads little-endian numbers in order, a megabyte at a time. */
class HeaderReader {
	readonly path: string;
	private readonly file: number;
	private readonly size: number;
	private readonly buffer = Buffer.allocUnsafe(1024 * 1024);
	private start = 0;
	private filled = 0;
	private at = 0;

	constructor(path: string) {
		this.path = path;
		this.file = openSync(path, 'r');
		this.size = fstatSync(this.file).size;
	}

	u32(): number {
		this.need(4);
		const value = this.buffer.readUInt32LE(this.at - this.start);
		this.at += 4;
		return value;
	}

	u64(): number {
		const low = this.u32();
		return this.u32() * 2 ** 32 + low;
	}

	skipText(): void {
		this.skip(this.u64());
	}

	skip(bytes: number): void {
		this.at += bytes;
		if (this.at > this.size)
			throw new UserError(`${this.path} ends in the middle of its header; fetch it again`);
	}

	close(): void {
		closeSync(this.file);
	}

	private need(bytes: number): void {
		if (this.at >= this.start && this.at + bytes <= this.start + this.filled) return;
		this.start = this.at;
		this.filled = readSync(this.file, this.buffer, 0, this.buffer.length, this.start);
		if (this.filled < bytes)
			throw new UserError(`${this.path} ends in the middle of its header; fetch it again`);
	}
}
