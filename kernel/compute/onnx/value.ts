import type { Tensor as OrtTensor } from 'onnxruntime-common';
import type { Operation } from './operation.ts';

export type Dtype = 'float32' | 'int32' | 'bool';
export type Numbers = Float32Array | Int32Array | Uint8Array;

export interface Info {
	readonly shape: readonly number[];
	readonly dtype: Dtype;
}

export const BYTES = { float32: 4, int32: 4, bool: 1 } as const;

export const arrayFor = (dtype: Dtype, size: number): Numbers =>
	dtype === 'float32'
		? new Float32Array(size)
		: dtype === 'int32'
			? new Int32Array(size)
			: new Uint8Array(size);

let made = 0;

/** How many values there have been: those of later work have higher serial numbers. */
export const valuesMade = (): number => made;

/** The numbers behind a tensor: on the host, in an ONNX Runtime tensor, or still to be computed. */
export class Value {
	readonly shape: readonly number[];
	readonly dtype: Dtype;
	numbers: Numbers | null = null;
	/** The same memory as ONNX Runtime sees it. */
	tensor: OrtTensor | null = null;
	/** Whether the memory goes back to the pool. */
	pooled = false;
	/** The recorded operation that makes it; null once there are numbers. */
	maker: Operation | null = null;
	/** Which of the maker's outputs it is. */
	output = 0;
	references = 1;
	/** One number from the host: compiled into graphs as a constant until it is seen to change. */
	constant = false;
	readonly serial = ++made;
	/** Where it stands in the flush of that number. */
	flush = 0;
	slot = 0;

	constructor(info: Info) {
		this.shape = info.shape;
		this.dtype = info.dtype;
	}
}
