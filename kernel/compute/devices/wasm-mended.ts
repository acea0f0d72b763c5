import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs';
import { composed, kernelFunc, wrapper } from '../composed/composed-kernel.ts';
import { expm1, log1p } from '../composed/near-zero.ts';
import { fallbackFor } from '../fallback.ts';
import type { Tfjs } from '../tfjs.ts';
import { convolutionGradients } from './wasm-kernels/convolution.ts';
import { depthwiseGradients } from './wasm-kernels/depthwise.ts';
import { fastMatMul } from './wasm-kernels/matmul.ts';
import { poolingGradients } from './wasm-kernels/pooling.ts';
import { sumOfRows, tileOfOne } from './wasm-kernels/reductions.ts';
import { reluGradient } from './wasm-kernels/relu.ts';
import { segmentSum } from './wasm-kernels/segment-sum.ts';

/** Puts right what the wasm backend of TensorFlow.js 4.22 computes otherwise than the others. */
export function mendWasm(tf: Tfjs): void {
	const wrap = wrapper(tf, 'wasm');
	const dtypeOf = (x: unknown): string => (x as TensorInfo).dtype;

	// On booleans it writes four bytes for each and overruns its memory.
	wrap('Select', ({ kernelFunc: known }) => {
		const booleans = kernelFunc(tf, selectBooleans(tf));
		return (call) => (dtypeOf(call.inputs.t) === 'bool' ? booleans : known)(call);
	});
	// Keeps a byte of the number, where any number but 0 is true.
	wrap('Cast', ({ kernelFunc: known }) => {
		const toBool = kernelFunc(
			tf,
			composed({ name: 'Cast', run: (_, { x }) => tf.notEqual(x as Tensor, tf.zerosLike(x as Tensor)) }),
		);
		return (call) => {
			const becomesBool = (call.attrs as { dtype?: string } | undefined)?.dtype === 'bool';
			return (becomesBool && dtypeOf(call.inputs.x) !== 'bool' ? toBool : known)(call);
		};
	});
	wrap('FloorDiv', () => kernelFunc(tf, floorDiv(tf)));
	wrap('Log1p', () => kernelFunc(tf, log1p(tf)));
	wrap('Expm1', () => kernelFunc(tf, expm1(tf)));
	// Gathers rows of the first batch only.
	wrap('GatherV2', ({ kernelFunc: known }) => {
		const onCpu = fallbackFor(tf, 'GatherV2');
		return (call) => ((call.attrs as { batchDims?: number } | undefined)?.batchDims ? onCpu : known)(call);
	});
	// Writes whole numbers whatever the type, which read as floats are next to nothing.
	wrap('OneHot', ({ kernelFunc: known }) => {
		const floats = kernelFunc(tf, oneHotFloats(tf));
		return (call) => ((call.attrs as { dtype?: string }).dtype === 'float32' ? floats : known)(call);
	});
	wrap('BatchMatMul', ({ kernelFunc: known }) => fastMatMul(tf, known));
	// Copies its input, and every tensor that a gradient saves goes through it.
	wrap('Identity', () => ({ inputs, backend }) => {
		const { dataId, shape, dtype } = inputs.x as TensorInfo;
		(backend as { incRef(of: object): void }).incRef(dataId);
		return { dataId, shape, dtype };
	});
	wrap('Sum', ({ kernelFunc: known }) => sumOfRows(tf, known));
	wrap('Tile', ({ kernelFunc: known }) => tileOfOne(tf, known));
	tf.registerKernel({
		kernelName: reluGradient.name,
		backendName: 'wasm',
		kernelFunc: kernelFunc(tf, reluGradient),
	});
	// What it has of these is a hundred times as slow as the forward pass, or gives zeros for most windows.
	for (const kernel of [...convolutionGradients, ...depthwiseGradients, ...poolingGradients, segmentSum])
		wrap(kernel.name, () => kernelFunc(tf, kernel));
}

const selectBooleans = (tf: Tfjs) =>
	composed({
		name: 'Select',
		run: (_, { condition, t, e }) => {
			const otherwise = tf.logicalAnd(tf.logicalNot(condition as Tensor), e as Tensor);
			return tf.logicalOr(tf.logicalAnd(condition as Tensor, t as Tensor), otherwise);
		},
	});

const oneHotFloats = (tf: Tfjs) =>
	composed<{ depth: number; onValue: number; offValue: number }>({
		name: 'OneHot',
		run: (_, { indices }, { depth, onValue, offValue }) => {
			const hits: Tensor = tf.cast(tf.oneHot(indices as Tensor1D, depth), 'float32');
			return onValue === 1 && offValue === 0 ? hits : tf.add(tf.mul(hits, onValue - offValue), offValue);
		},
	});

/** Whole numbers, as on the other backends. */
const floorDiv = (tf: Tfjs) =>
	composed({
		name: 'FloorDiv',
		run: (_, { a, b }) => {
			const quotient = tf.div(tf.cast(a as Tensor, 'float32'), tf.cast(b as Tensor, 'float32'));
			return tf.cast(tf.floor(quotient), 'int32');
		},
	});
