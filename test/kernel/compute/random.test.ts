import test from 'ava';
import { openCompute, tensorDraws } from '../../../kernel/compute/index.ts';
import { randomStream } from '../../../stdlib/random.ts';

const draws = async (device: string, name = 'draws') =>
	tensorDraws((await openCompute({ device })).tf, randomStream(7, name));

async function numbers(device: string): Promise<number[][]> {
	const { uniform, normal, truncatedNormal, gumbel, categorical, permutation } = await draws(device);
	const { tf } = await openCompute({ device });
	const logits = tf.tensor2d([[0, 1, 2]]);
	const all = [
		uniform([5]),
		normal([5]),
		truncatedNormal([5]),
		gumbel([5]),
		categorical(logits, 5),
		permutation(5),
	];
	return all.map((tensor) => [...tensor.dataSync()]);
}

test.serial('the same seed and name give the same draws on every device', async (t) => {
	t.deepEqual(await numbers('wasm'), await numbers('cpu'));
});

test.serial('moments are those of the distributions, within four standard errors', async (t) => {
	const n = 40_000;
	const { uniform, normal, truncatedNormal, gumbel } = await draws('cpu');
	const moments = (values: ArrayLike<number>): { mean: number; variance: number } => {
		const list = Array.from(values);
		const mean = list.reduce((sum, x) => sum + x, 0) / n;
		return { mean, variance: list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n };
	};
	const near = (values: ArrayLike<number>, mean: number, variance: number): void => {
		const found = moments(values);
		t.true(Math.abs(found.mean - mean) < 4 * Math.sqrt(variance / n), `mean ${found.mean}, not ${mean}`);
		t.true(Math.abs(found.variance / variance - 1) < 0.06, `variance ${found.variance}, not ${variance}`);
	};
	near(uniform([n], -1, 3).dataSync(), 1, 16 / 12);
	near(normal([n], 2, 3).dataSync(), 2, 9);
	// Of a standard normal cut at ±2: 1 - 2·2φ(2)/(2Φ(2)-1).
	near(truncatedNormal([n]).dataSync(), 0, 0.7737413);
	near(gumbel([n]).dataSync(), 0.5772157, Math.PI ** 2 / 6);
});

test.serial('categorical draws come in the proportions of the softmax', async (t) => {
	const { tf } = await openCompute({ device: 'cpu' });
	const drawn = (await draws('cpu', 'categorical')).categorical(
		tf.tensor2d([[Math.log(1), Math.log(3)]]),
		4000,
	);
	t.deepEqual(drawn.shape, [1, 4000]);
	const ones = Array.from(drawn.dataSync()).reduce((sum, x) => sum + x, 0);
	t.true(Math.abs(ones / 4000 - 0.75) < 4 * Math.sqrt((0.75 * 0.25) / 4000));
});

test.serial('a permutation holds each number once, and every order of three is equally likely', async (t) => {
	const stream = await draws('cpu', 'orders');
	t.deepEqual(
		[...stream.permutation(100).dataSync()].sort((a, b) => a - b),
		[...Array(100).keys()],
	);
	const counts = new Map<string, number>();
	for (let i = 0; i < 3000; i++) {
		const order = stream.permutation(3).dataSync().join('');
		counts.set(order, (counts.get(order) ?? 0) + 1);
	}
	t.is(counts.size, 6);
	// Chi-square with five degrees of freedom: 20.5 is its 99.9th percentile.
	t.true([...counts.values()].reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0) < 20.5);
});
