import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../define.ts';
import { sizeOf } from '../../nets/graph.ts';
import type { Storage } from './dequantise.ts';

/** Where a tensor lies in a file; its numbers are row-major. */
export interface StoredTensor {
	readonly name: string;
	/** Outermost dimension first. */
	readonly shape: readonly number[];
	readonly storage: Storage;
	/** Bytes from the beginning of the file. */
	readonly offset: number;
}

/** The tensors of a file of weights, read one at a time. */
export class TensorReader {
	readonly path: string;
	private readonly tensors: ReadonlyMap<string, StoredTensor>;
	private readonly file: number;

	/** @throws {UserError} when a tensor lies beyond the end of the file or does not come out in whole blocks */
	constructor(path: string, tensors: readonly StoredTensor[]) {
		this.path = path;
		this.tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
		this.file = openSync(path, 'r');
		try {
			const { size } = fstatSync(this.file);
			for (const tensor of tensors) checkPlace(path, tensor, size);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	shapeOf(name: string): readonly number[] | null {
		return this.tensors.get(name)?.shape ?? null;
	}

	/** The numbers of a tensor as singles. @throws {UserError} when it is not there or has another shape */
	read(name: string, shape: readonly number[]): Float32Array {
		const tensor = this.tensors.get(name);
		if (!tensor) throw new UserError(`${this.path} has no tensor ${name}, which its architecture needs`);
		if (tensor.shape.join() !== shape.join())
			throw new UserError(
				`in ${this.path} the tensor ${name} is [${tensor.shape.join(', ')}], where the model's settings make it [${shape.join(', ')}]`,
			);
		const bytes = Buffer.allocUnsafe(bytesOf(tensor));
		readWhole(this.file, bytes, tensor.offset, this.path);
		const values = new Float32Array(sizeOf(shape));
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		tensor.storage.read(view, 0, values.length / tensor.storage.values, values);
		return values;
	}

	close(): void {
		closeSync(this.file);
	}
}

const bytesOf = ({ shape, storage }: StoredTensor): number =>
	(sizeOf(shape) / storage.values) * storage.bytes;

function checkPlace(path: string, tensor: StoredTensor, fileBytes: number): void {
	const { name, shape, storage, offset } = tensor;
	if (!shape.every((dim) => Number.isSafeInteger(dim) && dim > 0))
		throw new UserError(`in ${path} the tensor ${name} has the impossible shape [${shape.join(', ')}]`);
	if ((shape.at(-1) as number) % storage.values !== 0)
		throw new UserError(
			`in ${path} the rows of ${name} have ${shape.at(-1)} numbers, which ${storage.name} cannot store in blocks of ${storage.values}`,
		);
	const end = offset + bytesOf(tensor);
	if (!(offset >= 0 && end <= fileBytes))
		throw new UserError(
			`${path} is cut short: ${name} would end at byte ${end} of ${fileBytes}`,
			'fetch it again',
		);
}

function readWhole(file: number, into: Buffer, at: number, path: string): void {
	let done = 0;
	while (done < into.length) {
		const got = readSync(file, into, done, into.length - done, at + done);
		if (got === 0) throw new UserError(`${path} became shorter while it was read`);
		done += got;
	}
}
