import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import test from 'ava';
import { refusingTooMuch } from '../../../kernel/compute/devices/wasm-memory.ts';
import { openCompute, tensorDraws } from '../../../kernel/compute/index.ts';
import type { Tfjs } from '../../../kernel/compute/tfjs.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { WORKLOADS, type Workload } from '../../bench/training-workloads.ts';
import { usedBytes } from '../../helpers/used-bytes.ts';

/** The same computation on wasm and, with the backend that is the reference, on cpu. */
async function both(make: (tf: Tfjs) => Tensor): Promise<[found: Float32Array, expected: Float32Array]> {
	const on = async (device: string): Promise<Float32Array> => {
		const { tf } = await openCompute({ device });
		return (await tf.tidy(() => make(tf)).data()) as Float32Array;
	};
	const expected = await on('cpu');
	return [await on('wasm'), expected];
}

const PRODUCTS: readonly (readonly [string, number[], number[]])[] = [
	['of two matrices', [32, 24], [24, 40]],
	['of a batch', [3, 32, 24], [3, 24, 40]],
	['of a batch with one matrix', [3, 2, 32, 24], [24, 40]],
	['of one matrix with a batch', [1, 32, 24], [3, 24, 40]],
	['of batches that are broadcast against each other', [2, 1, 32, 24], [1, 3, 24, 40]],
];

const swapped = (shape: readonly number[]): number[] => [
	...shape.slice(0, -2),
	shape.at(-1) as number,
	shape.at(-2) as number,
];

function broadcast(a: readonly number[], b: readonly number[]): number[] {
	const rank = Math.max(a.length, b.length);
	return Array.from({ length: rank }, (_, i) => Math.max(a.at(i - rank) ?? 1, b.at(i - rank) ?? 1));
}

for (const [what, a, b] of PRODUCTS)
	test.serial(`a matrix product ${what} is right whichever factor is transposed`, async (t) => {
		for (const transposeA of [false, true])
			for (const transposeB of [false, true]) {
				const [found, expected] = await both((tf) => {
					const draws = tensorDraws(tf, randomStream(1, what));
					const left = draws.normal(transposeA ? swapped(a) : a);
					const right = draws.normal(transposeB ? swapped(b) : b);
					const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
					// The cpu backend itself is wrong where both batches are broadcast.
					const full = (x: Tensor): Tensor =>
						tf.getBackend() === 'cpu' ? tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]) : x;
					return tf.matMul(full(left), full(right), transposeA, transposeB);
				});
				t.is(found.length, expected.length);
				for (const [i, value] of expected.entries()) t.true(Math.abs((found[i] as number) - value) < 1e-4);
			}
	});

test.serial(
	'where several numbers of a window are the largest, the gradient goes to the first',
	async (t) => {
		const [found, expected] = await both((tf) =>
			tf.grad((x) => tf.maxPool(x as Tensor4D, 3, 2, 'same'))(tf.ones([1, 6, 5, 2])),
		);
		t.deepEqual(found, expected);
		const windows = 3 * 3 * 2;
		t.is(
			found.reduce((sum, value) => sum + value, 0),
			windows,
		);
	},
);

test.serial('two thousand training steps on wasm leak no tensor and no memory', async (t) => {
	t.timeout(300_000);
	const { tf } = await openCompute({ device: 'wasm' });
	const workload = WORKLOADS['conv-ae']?.(tf, 'small') as Workload;
	const adam = tf.train.adam(1e-3);
	const step = (): void =>
		(adam.minimize(() => workload.loss(workload.batch), true, workload.variables) as Scalar).dispose();
	const heap = (): number =>
		(tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength;
	for (let i = 0; i < 200; i++) step();
	const [tensors, memory, used] = [tf.memory().numTensors, heap(), await usedBytes()];
	for (let i = 200; i < 2000; i++) step();
	t.is(tf.memory().numTensors, tensors);
	t.is(heap(), memory);
	const grown = (await usedBytes()) - used;
	t.true(grown < 8 * 2 ** 20, `${(grown / 2 ** 20).toFixed(1)} MiB more than after 200 steps`);
});

test.serial('running out of memory says what asked for how much, and work goes on', async (t) => {
	const { tf } = await openCompute({ device: 'wasm' });
	const wide = tf.ones([60_000, 1]) as Tensor2D;
	const error = t.throws(() => tf.tidy(() => tf.matMul(wide, wide, false, true).dataSync()));
	t.regex(error?.message ?? '', /out of memory: BatchMatMul asked for 13\.4 GiB/);
	t.deepEqual([...tf.add(tf.scalar(1), 1).dataSync()], [2]);
	wide.dispose();
});

test.serial('relu has a gradient, and that has one too', async (t) => {
	// Of relu(x)³: 3 relu(x)², and 6 relu(x).
	const x = [-2, -0.5, 0, 0.5, 1, 2, 3];
	const cube = (tf: Tfjs, at: Tensor): Tensor => tf.sum(tf.mul(tf.relu(at), tf.square(tf.relu(at))));
	const first = await both((tf) => tf.grad((at) => cube(tf, at))(tf.tensor1d(x)));
	const slopes = (tf: Tfjs) => tf.grad((at) => tf.sum(tf.grad((inner) => cube(tf, inner))(at)));
	const second = await both((tf) => slopes(tf)(tf.tensor1d(x)));
	for (const found of first)
		t.deepEqual(
			[...found],
			x.map((value) => 3 * Math.max(0, value) ** 2),
		);
	for (const found of second)
		t.deepEqual(
			[...found],
			x.map((value) => 6 * Math.max(0, value)),
		);
});

test('an allocation that fails in the memory of wasm is no address', (t) => {
	const places = [8, 0];
	const wasm = { _malloc: (): number => places.shift() as number };
	const backend = refusingTooMuch({ wasm } as never) as unknown as { readonly wasm: typeof wasm };
	const allocate = backend.wasm._malloc as (bytes: number) => number;
	t.is(allocate(4), 8);
	t.throws(() => allocate(2 ** 31), { message: /out of memory: a tensor asked for 2\.0 GiB/ });
});
