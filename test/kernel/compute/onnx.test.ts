import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import test from 'ava';
import { compiledStep, detach, openCompute, tensorDraws } from '../../../kernel/compute/index.ts';
import type { OnnxBackend } from '../../../kernel/compute/onnx/backend.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { WORKLOADS, type Workload } from '../../bench/training-workloads.ts';
import { usedBytes } from '../../helpers/used-bytes.ts';

const { tf } = await openCompute({ device: 'onnx' });
const backend = tf.backend() as unknown as OnnxBackend;
const draws = tensorDraws(tf, randomStream(0, 'onnx tests'));

const losses = (workload: Workload, steps: number): number[] => {
	const adam = tf.train.adam(workload.learningRate, 0.9, 0.999, 1e-8);
	return Array.from({ length: steps }, () => {
		const loss = adam.minimize(() => workload.loss(workload.batch), true, workload.variables) as Scalar;
		const value = loss.dataSync()[0] as number;
		loss.dispose();
		return value;
	});
};

for (const [name, make] of Object.entries(WORKLOADS))
	test.serial(`${name} trains to the losses of the cpu backend`, async (t) => {
		await openCompute({ device: 'cpu' });
		const expected = losses(make(tf, 'small'), 5);
		await openCompute({ device: 'onnx' });
		const found = losses(make(tf, 'small'), 5);
		for (const [i, loss] of found.entries())
			t.true(
				Math.abs(loss - (expected[i] as number)) < 1e-5 * Math.abs(expected[i] as number),
				`${found} for ${expected}`,
			);
	});

test.serial(
	'a compiled step replays to the numbers of the traced one, variables and optimiser included',
	(t) => {
		for (const make of Object.values(WORKLOADS)) {
			const expected = losses(make(tf, 'small'), 8);
			const workload = make(tf, 'small');
			const adam = tf.train.adam(workload.learningRate, 0.9, 0.999, 1e-8);
			let calls = 0;
			const step = compiledStep(tf, (x) => {
				calls++;
				return [adam.minimize(() => workload.loss(x as Tensor), true, workload.variables) as Scalar];
			});
			const found = Array.from({ length: 8 }, () => {
				const [loss] = step(workload.batch) as [Tensor];
				const value = loss.dataSync()[0] as number;
				loss.dispose();
				return value;
			});
			t.deepEqual(found, expected, workload.name);
			t.true(calls <= 3, `${workload.name} was traced ${calls} times`);
		}
	},
);

test.serial('a compiled step takes other arguments each time, and another batch size', (t) => {
	const weight = tf.variable(tf.scalar(2));
	const step = compiledStep(tf, (x, rate) => {
		const y = tf.mul(x as Tensor, weight);
		weight.assign(tf.add(weight, rate as Tensor) as Scalar);
		return [tf.sum(y)];
	});
	const run = (values: number[], rate: number): number => {
		const [sum] = step(tf.tensor1d(values), tf.scalar(rate)) as [Tensor];
		return sum.dataSync()[0] as number;
	};
	let expected = 2;
	for (let i = 0; i < 6; i++) {
		t.is(run([i, 1], i), (i + 1) * expected);
		expected += i;
	}
	t.is(run([1, 1, 1], 0), 3 * expected);
	weight.assign(tf.scalar(-1));
	t.is(run([5, 5], 0), -10, 'a variable set from outside');
	weight.dispose();
});

test.serial('a step that depends on the host is traced every time', (t) => {
	let calls = 0;
	const step = compiledStep(tf, (x) => [tf.mul(x as Tensor, calls++)]);
	const found = Array.from({ length: 6 }, () => (step(tf.scalar(1))[0] as Tensor).dataSync()[0]);
	t.deepEqual(found, [0, 1, 2, 3, 4, 5]);
});

test.serial('a variable that somebody cloned keeps its old numbers in the clone', (t) => {
	const v = tf.variable(tf.tensor1d([1, 2]));
	const step = compiledStep(tf, (x) => {
		v.assign(tf.add(v, x as Tensor) as never);
		return [tf.sum(v)];
	});
	for (let i = 0; i < 4; i++) step(tf.tensor1d([1, 1]));
	const before = v.clone();
	step(tf.tensor1d([1, 1]));
	t.deepEqual([...before.dataSync()], [5, 6]);
	t.deepEqual([...v.dataSync()], [6, 7]);
	v.dispose();
});

test.serial('an array may be filled again before the graph has run', (t) => {
	const buffer = Float32Array.of(1, 2, 3);
	const x = tf.tensor1d(buffer);
	const doubled = tf.mul(x, 2);
	buffer.fill(0);
	t.deepEqual([...doubled.dataSync()], [2, 4, 6]);
});

test.serial('what a read returned does not change when the memory is used again', (t) => {
	const x = tf.add(draws.normal([64]), 1);
	const read = x.dataSync();
	const copy = [...read];
	x.dispose();
	for (let i = 0; i < 5; i++) tf.tidy(() => tf.mul(draws.normal([64]), 3).dataSync());
	t.deepEqual([...read], copy);
});

test.serial('numbers that change do not compile anew each time', (t) => {
	const before = backend.compiledGraphs;
	for (let i = 0; i < 20; i++) tf.tidy(() => tf.mul(tf.ones([3, 2]), tf.scalar(i * 0.1)).dataSync());
	const x = draws.normal([40, 3]);
	for (let i = 0; i < 20; i++) {
		const rows = tf.tidy(() => tf.mul(tf.slice(x as Tensor2D, [i, 0], [4, 3]), 2).dataSync());
		t.deepEqual(
			[...rows],
			[...x.dataSync().slice(3 * i, 3 * i + 12)].map((v) => Math.fround(v * 2)),
		);
	}
	t.true(backend.compiledGraphs - before <= 3, `${backend.compiledGraphs - before} graphs`);
});

test.serial('infinities and what is not a number are told apart in attributes', (t) => {
	const x = tf.tensor1d([-5, 5]);
	t.deepEqual([...tf.clipByValue(x, 0, Number.POSITIVE_INFINITY).dataSync()], [0, 5]);
	t.deepEqual([...tf.clipByValue(x, Number.NEGATIVE_INFINITY, 0).dataSync()], [-5, 0]);
	t.deepEqual(
		[...tf.fill([1], Number.NaN).dataSync(), ...tf.fill([1], Number.POSITIVE_INFINITY).dataSync()],
		[Number.NaN, Number.POSITIVE_INFINITY],
	);
});

test.serial('sums by segment lose nothing on two threads', (t) => {
	const [rows, width, segments] = [8192, 128, 13];
	const values = Float32Array.from({ length: rows * width }, (_, i) => i % 7);
	const ids = Int32Array.from({ length: rows }, (_, i) => (i * 7919) % segments);
	const expected = new Float32Array(segments * width);
	for (let i = 0; i < values.length; i++) {
		const at = (ids[Math.floor(i / width)] as number) * width + (i % width);
		expected[at] = (expected[at] as number) + (values[i] as number);
	}
	const [x, s] = [tf.tensor2d(values, [rows, width]), tf.tensor1d(ids, 'int32')];
	for (let run = 0; run < 60; run++) {
		const sums = tf.tidy(() => tf.unsortedSegmentSum(x, s, segments).dataSync());
		t.true(
			sums.every((sum, i) => sum === expected[i]),
			`run ${run}`,
		);
	}
});

test.serial('gradients of gradients', (t) => {
	const f = (x: Tensor): Scalar => tf.sum(tf.mul(x, tf.mul(x, tf.sin(x)))) as Scalar;
	const second = tf.grad((x) => tf.sum(tf.grad(f)(x)));
	const at = 0.7;
	const expected = (2 - at * at) * Math.sin(at) + 4 * at * Math.cos(at);
	t.true(Math.abs((second(tf.tensor1d([at])).dataSync()[0] as number) - expected) < 1e-5);
});

test.serial('customGrad and detach', (t) => {
	const clipped = tf.customGrad((x) => ({
		value: tf.mul(x as Tensor, 2),
		gradFunc: (dy: Tensor) => tf.mul(dy, 10),
	}));
	t.deepEqual(
		[
			...tf
				.grad((x) => tf.sum(clipped(x)))(tf.tensor1d([1, 2]))
				.dataSync(),
		],
		[10, 10],
	);
	const stopped = tf.grad((x) => tf.sum(tf.mul(x, detach(tf, x))))(tf.tensor1d([3, 4]));
	t.deepEqual([...stopped.dataSync()], [3, 4]);
});

test.serial('a layers model learns, is saved and gives the same numbers again', async (t) => {
	const model = tf.sequential();
	model.add(tf.layers.dense({ units: 16, activation: 'tanh', inputShape: [2] }));
	model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
	model.compile({ optimizer: tf.train.adam(0.1), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
	const x = tf.tensor2d([
		[0, 0],
		[0, 1],
		[1, 0],
		[1, 1],
	]);
	const y = tf.tensor2d([[0], [1], [1], [0]]);
	const history = await model.fit(x, y, { epochs: 80, verbose: 0, shuffle: false });
	t.true(((history.history.loss as number[]).at(-1) as number) < 0.1);
	const weights = model.getWeights().map((w) => w.dataSync());
	t.true(weights.every((w) => w.every(Number.isFinite)));
	t.deepEqual([...(model.predict(x) as Tensor).dataSync()].map(Math.round), [0, 1, 1, 0]);
});

test.serial('two thousand training steps leak no tensor, no compiled graph and no memory', async (t) => {
	const workload = WORKLOADS['conv-ae']?.(tf, 'small') as Workload;
	const adam = tf.train.adam(1e-3);
	const step = (): void => {
		(adam.minimize(() => workload.loss(workload.batch), true, workload.variables) as Scalar).dispose();
	};
	const compiled = compiledStep(tf, (x) => [
		adam.minimize(() => workload.loss(x as Tensor), true, workload.variables) as Scalar,
	]);
	const replay = (): void => {
		for (const loss of compiled(workload.batch)) loss.dispose();
	};
	for (let i = 0; i < 200; i++) [step, replay][i % 2]?.();
	const [tensors, graphs, used] = [tf.memory().numTensors, backend.compiledGraphs, await usedBytes()];
	for (let i = 200; i < 2000; i++) [step, replay][i % 4 ? 1 : 0]?.();
	t.is(tf.memory().numTensors, tensors);
	t.is(backend.compiledGraphs, graphs);
	t.is(backend.pendingTensors, 0);
	const grown = (await usedBytes()) - used;
	t.true(grown < 8 * 2 ** 20, `${(grown / 2 ** 20).toFixed(1)} MiB more than after 200 steps`);
});

test.serial('running out of memory says what asked for how much, and work goes on', (t) => {
	const wide = tf.ones([300_000, 1]) as Tensor2D;
	const error = t.throws(() => tf.tidy(() => tf.matMul(wide, wide, false, true).dataSync()));
	t.regex(error?.message ?? '', /out of memory: BatchMatMul.* asked for 335\.3 GiB/);
	const inside = t.throws(() => tf.tidy(() => tf.sum(tf.matMul(wide, wide, false, true)).dataSync()));
	t.regex(inside?.message ?? '', /out of memory: BatchMatMul/);
	t.deepEqual([...tf.add(tf.scalar(1), 1).dataSync()], [2]);
});

test.serial('shapes that change every step are noticed, with advice, and memory stays bounded', async (t) => {
	const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
	for (let length = 1; length <= 80; length++)
		tf.tidy(() => {
			let x = draws.normal([2, length]);
			for (let i = 0; i < 4; i++) x = tf.softmax(tf.mul(tf.cos(x), 3));
			x.dataSync();
		});
	t.regex(
		(await warned).message,
		/compiled 16 times, each time for other shapes.*pad to a few fixed lengths/,
	);
	t.true(backend.compiledGraphs <= 64);
});
