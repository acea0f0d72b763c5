import test from 'ava';
import { mnist } from '../../../stdlib/data/mnist/mnist.ts';
import { type Batch, Batches, featureOf } from '../../../stdlib/training/batches.ts';
import { decodeTensors, encodeTensors } from '../../../stdlib/training/safetensors.ts';
import { type Schedule, valueAt } from '../../../stdlib/training/schedule.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { tensorValue } from '../../../stdlib/values/tensor.ts';
import { near } from '../../helpers/golden.ts';

test('a safetensors file has 8 bytes of length, a JSON header and the numbers, as the format says', (t) => {
	const bytes = encodeTensors({
		tensors: new Map([['w', { shape: [2, 1], data: Float32Array.of(1.5, -2) }]]),
		metadata: { made: 'here' },
	});
	const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
	t.is((8 + length) % 8, 0, 'the numbers are aligned');
	t.deepEqual(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))), {
		__metadata__: { made: 'here' },
		w: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
	});
	t.deepEqual([...new Float32Array(bytes.slice(8 + length).buffer)], [1.5, -2]);
	t.deepEqual(decodeTensors(bytes).tensors.get('w')?.data, Float32Array.of(1.5, -2));
});

test('bytes that are cut short or something else are refused', (t) => {
	const bytes = encodeTensors({
		tensors: new Map([['w', { shape: [1], data: Float32Array.of(1) }]]),
		metadata: {},
	});
	t.throws(() => decodeTensors(bytes.subarray(0, bytes.length - 2)), { message: /does not fit its shape/ });
	t.throws(() => decodeTensors(new Uint8Array(40).fill(255)), { message: /no safetensors file/ });
	t.throws(() => decodeTensors(new Uint8Array(3)), { message: /no safetensors file/ });
});

const schedule = (more: Partial<Schedule> = {}): Schedule => ({
	kind: 'schedule',
	from: 1,
	to: 0.1,
	...more,
});

test('a schedule has its first value in the first step and its last in the last one', (t) => {
	for (const shape of ['linear', 'cosine', 'exponential'] as const) {
		near(t, [valueAt(schedule({ shape }), 0, 11)], [1], shape);
		near(t, [valueAt(schedule({ shape }), 10, 11)], [0.1], shape);
	}
	near(t, [valueAt(schedule(), 5, 11)], [0.55], 'half way, straight');
	near(t, [valueAt(schedule({ shape: 'cosine' }), 5, 11)], [0.55], 'half way, cosine');
	near(t, [valueAt(schedule({ shape: 'exponential' }), 5, 11)], [Math.sqrt(0.1)], 'half way, exponential');
});

test('a schedule holds and warms up for the parts of the run that it was told', (t) => {
	// HQA: flat for two thirds, then down.
	const held = schedule({ hold: 2 / 3 });
	t.is(valueAt(held, 60, 91), 1);
	t.true(valueAt(held, 61, 91) < 1);
	const warmed = schedule({ warmup: 0.1 });
	t.true(valueAt(warmed, 0, 101) > 0);
	t.true(valueAt(warmed, 0, 101) < valueAt(warmed, 5, 101));
	near(t, [valueAt(warmed, 10, 101)], [1], 'after the warm-up');
});

const numbers = (n: number): Data =>
	Data.fromRows(
		Array.from({ length: n }, (_, i) => ({ image: tensorValue([1], Float32Array.of(i)), label: i })),
	);

const batchesOf = (data: Data, more: Partial<ConstructorParameters<typeof Batches>[0]> = {}) =>
	new Batches({
		data,
		features: [featureOf(data, 'label')],
		size: 4,
		shuffle: true,
		augment: [],
		seed: 3,
		...more,
	});

const labels = (batch: Batch): number[] => [...(batch.columns.label as Float32Array)];

test('an epoch has every row once, in another order than the next, the last batch smaller', (t) => {
	const batches = batchesOf(numbers(10));
	t.is(batches.perEpoch, 3);
	const epoch = (n: number) => [0, 1, 2].map((i) => labels(batches.take(3 * n + i)));
	const [first, second] = [epoch(0), epoch(1)];
	t.deepEqual(
		first.map((batch) => batch.length),
		[4, 4, 2],
	);
	t.deepEqual(
		first.flat().sort((a, b) => a - b),
		[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
	);
	t.notDeepEqual(first, second);
});

test('a batch is the same whether the run began before it or there, prepared or not', (t) => {
	const [whole, resumed] = [batchesOf(numbers(10)), batchesOf(numbers(10))];
	for (let step = 0; step < 7; step++) whole.take(step);
	resumed.prepare(7);
	t.deepEqual(resumed.take(7), whole.take(7));
});

test('without shuffling rows come in order', (t) => {
	const batches = batchesOf(numbers(10), { shuffle: false });
	t.deepEqual(labels(batches.take(1)), [4, 5, 6, 7]);
});

test('rows of another shape are named', (t) => {
	const data = Data.fromRows([
		{ image: tensorValue([2, 2, 1], new Float32Array(4)) },
		{ image: tensorValue([3, 2, 1], new Float32Array(6)) },
	]);
	const features = [featureOf(data, 'image')];
	const batches = new Batches({ data, features, size: 4, shuffle: false, augment: [], seed: 0 });
	t.throws(() => batches.take(0), { message: /row 1 has Image\[3, 2, 1\].*first row has Image\[2, 2, 1\]/ });
	t.throws(() => featureOf(data, 'label'), { message: /needs a column `label`/ });
});

test('mnist is 10,000 real digits, each label about a tenth, and the parts share no row', (t) => {
	const { train, test: held } = mnist();
	t.is(train.length + held.length, 10_000);
	const counts = new Array<number>(10).fill(0);
	for (const part of [train, held])
		for (let row = 0; row < part.length; row++) {
			const label = part.column('label').get(row) as number;
			counts[label] = (counts[label] as number) + 1;
		}
	for (const count of counts) t.true(count > 800 && count < 1200, String(count));
	const pixels = (part: Data, row: number) => part.row(row).image as { data: Float32Array };
	const some = new Set(Array.from({ length: held.length }, (_, row) => pixels(held, row).data.join()));
	t.is(
		Array.from({ length: 200 }, (_, row) => pixels(train, row).data.join()).filter((d) => some.has(d)).length,
		0,
	);
	const { data } = pixels(train, 0);
	t.true(data.every((value) => value >= 0 && value <= 1) && data.some((value) => value > 0.9));
});

test('mnist in another size keeps the ink where it is', (t) => {
	const [small, plain] = [mnist([14, 14]).train.row(5), mnist().train.row(5)] as {
		image: { data: Float32Array };
	}[];
	const mean = (values: Float32Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
	t.is(small?.image.data.length, 196);
	t.true(Math.abs(mean(small?.image.data as Float32Array) - mean(plain?.image.data as Float32Array)) < 0.02);
});
