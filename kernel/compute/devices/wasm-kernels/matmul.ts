import type { KernelFunc, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { composed, kernelFunc } from '../../composed/composed-kernel.ts';
import type { Tfjs } from '../../tfjs.ts';
import { onHeap } from './heap.ts';
import { loopsOf, pointer } from './loops.ts';

interface MatMulAttrs {
	readonly transposeA: boolean;
	readonly transposeB: boolean;
}

/** Multiplications below which copying costs more than it saves. */
const WORTH_COPYING = 2 ** 14;

/**
 * The backend multiplies two plain matrices with XNNPACK and everything else in a loop ten times as slow: transposed factors are
 * written out, and a batch is multiplied one by one.
 */
export function fastMatMul(tf: Tfjs, known: KernelFunc): KernelFunc {
	const plainly = kernelFunc(
		tf,
		composed<MatMulAttrs>({
			name: 'BatchMatMul',
			run: (_, { a, b }, { transposeA, transposeB }) =>
				multiply(tf, upright(tf, a as Tensor, transposeA), upright(tf, b as Tensor, transposeB)),
		}),
	);
	return (call) => {
		const { a, b } = call.inputs as unknown as { readonly a: Tensor; readonly b: Tensor };
		const { transposeA, transposeB } = call.attrs as unknown as MatMulAttrs;
		const [batchA, batchB] = [batchOf(a), batchOf(b)];
		const isPlain = !transposeA && !transposeB && batchA === 1 && batchB === 1;
		const rows = a.shape.at(transposeA ? -1 : -2) as number;
		const inner = a.shape.at(transposeA ? -2 : -1) as number;
		const size = rows * inner * (b.shape.at(transposeB ? -2 : -1) as number);
		const isFloat = a.dtype === 'float32' && b.dtype === 'float32';
		return isPlain || !isFloat || size < WORTH_COPYING ? known(call) : plainly(call);
	};
}

const batchOf = ({ shape }: Tensor): number => shape.slice(0, -2).reduce((n, length) => n * length, 1);

/** Rows of a matrix that are turned at a time, so that what is read stays in the cache. */
const BLOCK = 32;

function upright(tf: Tfjs, x: Tensor, transposed: boolean): Tensor {
	if (!transposed) return x;
	const [rows, columns] = x.shape.slice(-2) as [number, number];
	const loops = loopsOf(tf);
	return onHeap(tf, [...x.shape.slice(0, -2), columns, rows], [x], (out, source) => {
		for (let from = 0; from < source.length; from += rows * columns)
			for (let row = 0; row < rows; row += BLOCK) {
				const count = Math.min(BLOCK, rows - row);
				const read = pointer(source, from + row * columns);
				loops.transpose(pointer(out, from + row), 4 * rows, read, 4 * columns, count, columns);
			}
	});
}

function multiply(tf: Tfjs, a: Tensor, b: Tensor): Tensor {
	const [batchA, batchB] = [batchOf(a), batchOf(b)];
	const [rows, inner, columns] = [a.shape.at(-2), a.shape.at(-1), b.shape.at(-1)] as [number, number, number];
	const batch = tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
	const shape = [...batch, rows, columns];
	// One matrix for the whole batch: its rows are simply more rows.
	if (batchB === 1)
		return tf.reshape(
			tf.matMul(tf.reshape(a, [batchA * rows, inner]), tf.reshape(b, [inner, columns])),
			shape,
		);
	const spread = (x: Tensor): Tensor3D => {
		const [m, n] = x.shape.slice(-2) as [number, number];
		const full = [...batch, m, n];
		return tf.reshape(tf.broadcastTo(x, full), [-1, m, n]) as Tensor3D;
	};
	const [left, right] = [spread(a), spread(b)];
	const products = Array.from({ length: left.shape[0] }, (_, i) => {
		return tf.matMul(matrixAt(tf, left, i), matrixAt(tf, right, i));
	});
	return tf.reshape(tf.stack(products), shape);
}

/** The backend's own slice first copies the whole. */
function matrixAt(tf: Tfjs, x: Tensor3D, i: number): Tensor2D {
	const [, rows, columns] = x.shape;
	return onHeap(tf, [rows, columns], [x], (out, all) => {
		out.set(all.subarray(i * out.length, (i + 1) * out.length));
	}) as Tensor2D;
}
