import test from 'ava';
import { randomStream } from '../../../stdlib/random.ts';
import { type ContrastOptions, contrast } from '../../../stdlib/statistics/contrast.ts';
import { mcnemar } from '../../../stdlib/statistics/mcnemar.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { pairedProportionsInterval } from '../../../stdlib/statistics/paired.ts';
import type { Column } from '../../../stdlib/values/column.ts';
import { Data } from '../../../stdlib/values/data.ts';
import type { Estimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';
import { close, golden, goldenTest } from './golden.ts';

interface Answer {
	readonly item: string;
	readonly condition: string;
	readonly model?: string;
	readonly correct: boolean | number | Missing;
}

/** A table grouped by model and condition, as the engine makes it: accuracy is a mean of rows, `gap` is not. */
function tableOf(answers: readonly Answer[]): {
	table: Table;
	on: ContrastOptions['on'];
	paired: ContrastOptions['paired'];
} {
	const labels = new Map(answers.map(({ condition }) => [condition, new Labelled(condition, condition)]));
	const rows = answers.map((answer) => ({
		...answer,
		model: answer.model ?? 'm',
		condition: labels.get(answer.condition),
	}));
	const source = Data.fromRows(rows);
	const correct = source.column('correct') as Column<number>;
	const groups = new Map<string, number[]>();
	rows.forEach((row, i) => {
		const key = `${row.model} ${row.condition?.name}`;
		groups.set(key, [...(groups.get(key) ?? []), i]);
	});
	const indices = [...groups.values()].map((group) => Int32Array.from(group));
	const gap = (at: Int32Array): number | null => {
		const { value } = mean(correct.take(at));
		return value === null ? null : 2 * value - 1;
	};
	const table: Table = {
		kind: 'table',
		name: 'answers',
		columns: [
			{ name: 'model', role: 'group' },
			{ name: 'condition', role: 'group' },
			{ name: 'accuracy', role: 'value' },
			{ name: 'gap', role: 'value' },
		],
		rows: indices.map((at) => ({
			model: rows[at[0] as number]?.model,
			condition: rows[at[0] as number]?.condition,
			accuracy: mean(correct.take(at)),
			gap: gap(at),
		})),
		notices: ['simulated'],
		models: ['m'],
		lineage: {
			source,
			groups: indices,
			evaluate: (column, at) => (column === 'gap' ? gap(at) : mean(correct.take(at))),
			rowValues: (column) => (column === 'accuracy' ? correct : null),
		},
	};
	return { table, on: (row) => rows[row]?.condition, paired: (row) => rows[row]?.item };
}

const estimateAt = (table: Table, row: number, column: string): Estimate =>
	table.rows[row]?.[column] as Estimate;

function answersOf(base: readonly (boolean | number)[], level: readonly (boolean | number)[]): Answer[] {
	return [
		...base.map((correct, i) => ({ item: `item ${i}`, condition: 'Q', correct })),
		...level.map((correct, i) => ({ item: `item ${i}`, condition: 'IF', correct })),
	];
}

goldenTest('contrast of means has the golden paired error, not the unpaired one', (t) => {
	for (const { name, input, expected } of golden(t, 'statistics', 'paired_difference')) {
		const { table, on, paired } = tableOf(answersOf(input.b, input.a));
		const effect = contrast(table, { on, paired, baseline: 'Q', seed: 0 });
		t.deepEqual(
			effect.columns.map((column) => column.name),
			['model', 'contrast', 'accuracy', 'gap'],
		);
		t.is(effect.rows[0]?.contrast, 'IF − Q');
		const difference = estimateAt(effect, 0, 'accuracy');
		close(t, difference.value, expected.mean_difference, 1e-9, 1e-12, name);
		close(t, difference.se, expected.se_paired, 1e-9, 1e-12, name);
		t.is(difference.n, input.a.length);
		close(t, difference.test?.p, expected.p_two_sided, 1e-6, 0, name);
		// The aggregate that is no mean of rows is 2·accuracy - 1, so its error is twice as large.
		const gap = estimateAt(effect, 0, 'gap');
		close(t, gap.value, 2 * expected.mean_difference, 1e-9, 1e-12, name);
		close(t, gap.se, 2 * expected.se_paired, 0.06, 0, name);
		t.is(gap.method, 'paired bootstrap percentile (2000)');
	}
});

test("contrast of true and false has McNemar's exact test with its counts", (t) => {
	const base = [
		...Array(25).fill(true),
		...Array(5).fill(false),
		...Array(10).fill(false),
		...Array(2).fill(true),
	];
	const level = [
		...Array(25).fill(true),
		...Array(5).fill(false),
		...Array(10).fill(true),
		...Array(2).fill(false),
	];
	const { table, on, paired } = tableOf(answersOf(base, level));
	const difference = estimateAt(contrast(table, { on, paired, baseline: 'Q', seed: 0 }), 0, 'accuracy');
	t.deepEqual(difference.test, { name: 'McNemar, exact (10 against 2)', p: mcnemar(10, 2).exact });
	close(t, difference.test?.p, 0.03857421875, 1e-9);
	close(t, difference.value, 8 / 42);
});

test('a pair that lacks a side is left out and counted', (t) => {
	const gone = new Missing('failed', 'timeout');
	const answers: Answer[] = [
		{ item: 'a', condition: 'Q', correct: 1 },
		{ item: 'b', condition: 'Q', correct: 2 },
		{ item: 'c', condition: 'Q', correct: gone },
		{ item: 'only q', condition: 'Q', correct: 9 },
		{ item: 'a', condition: 'IF', correct: 2 },
		{ item: 'b', condition: 'IF', correct: 5 },
		{ item: 'c', condition: 'IF', correct: 7 },
	];
	const { table, on, paired } = tableOf(answers);
	const effect = contrast(table, { on, paired, baseline: 'Q', seed: 0 });
	t.like(estimateAt(effect, 0, 'accuracy'), { value: 2, n: 2, missing: 2 });
	t.deepEqual(effect.notices, ['simulated']);
});

test('several rows of one pair are averaged before they are compared', (t) => {
	const answers: Answer[] = [];
	for (const item of ['a', 'b', 'c']) {
		answers.push({ item, condition: 'Q', correct: 0 });
		for (const correct of [1, 2, item === 'c' ? 6 : 3]) answers.push({ item, condition: 'IF', correct });
	}
	const { table, on, paired } = tableOf(answers);
	const difference = estimateAt(contrast(table, { on, paired, baseline: 'Q', seed: 0 }), 0, 'accuracy');
	t.is(difference.n, 3);
	close(t, difference.value, (2 + 2 + 3) / 3);
	close(t, difference.se, 1 / 3);
});

test('each level is compared within each combination of the other groups', (t) => {
	const answers: Answer[] = [];
	for (const model of ['x', 'y']) {
		for (const condition of model === 'x' ? ['Q', 'IF', 'CoT'] : ['Q', 'IF']) {
			for (let i = 0; i < 4; i++)
				answers.push({
					item: `${i}`,
					model,
					condition,
					correct: i + (condition === 'IF' ? 1 : 0) + (condition === 'CoT' ? i : 0),
				});
		}
	}
	answers.push({ item: '0', model: 'z', condition: 'IF', correct: 1 });
	const { table, on, paired } = tableOf(answers);
	const effect = contrast(table, { on, paired, baseline: 'Q', seed: 0 });
	t.deepEqual(
		effect.rows.map((row) => [row.model, row.contrast]),
		[
			['x', 'IF − Q'],
			['x', 'CoT − Q'],
			['y', 'IF − Q'],
		],
	);
	t.is(estimateAt(effect, 1, 'accuracy').value, 1.5);
	t.true(effect.notices.includes('1 group has no "Q" to be compared with'));
});

test('with clusters the error allows for pairs that hang together', (t) => {
	const random = randomStream(1, 'contrast clusters');
	const shifts = Array.from({ length: 30 }, () => random.normal());
	const base = Array.from({ length: 240 }, () => random.normal());
	const level = base.map((x, i) => x + (shifts[i % 30] as number));
	const { table, on, paired } = tableOf(answersOf(base, level));
	const cluster = (row: number): number => Number((paired(row) as string).slice(5)) % 30;
	const options = { on, paired, baseline: 'Q', seed: 0 };
	const plain = contrast(table, options);
	const clustered = contrast(table, { ...options, cluster });
	t.true(
		(estimateAt(clustered, 0, 'accuracy').se as number) > 2 * (estimateAt(plain, 0, 'accuracy').se as number),
	);
	t.is(estimateAt(clustered, 0, 'accuracy').clusters, 30);
	close(t, estimateAt(clustered, 0, 'gap').se, 2 * (estimateAt(clustered, 0, 'accuracy').se as number), 0.08);
});

test('clusters in which no pair disagrees leave a width', (t) => {
	const right = [true, true, false, true, true, true];
	const { table, on, paired } = tableOf(answersOf(right, right));
	const cluster = (row: number): unknown => Math.floor((row % 6) / 2);
	const difference = estimateAt(
		contrast(table, { on, paired, cluster, baseline: 'Q', seed: 0 }),
		0,
		'accuracy',
	);
	t.like(difference, { value: 0, n: 6, clusters: 3 });
	// As three pairs, of which two and a half are right on both sides.
	const { low, high } = pairedProportionsInterval({ both: 2.5, onlyA: 0, onlyB: 0, neither: 0.5 });
	close(t, difference.low, low as number);
	close(t, difference.high, high as number);
	t.true((difference.low as number) < -0.2);
});

test('contrast names the levels when the baseline is none of them, and the groups when `on` is none', (t) => {
	const { table, on, paired } = tableOf(answersOf([1, 2], [2, 3]));
	const noLevel = t.throws(() => contrast(table, { on, paired, baseline: 'Z', seed: 0 }));
	t.like(noLevel, { message: 'no group of "answers" has condition "Z"', help: 'the levels are "Q", "IF"' });
	const noGroup = t.throws(() =>
		contrast(table, { on: (row) => row * 7 + 0.5, paired, baseline: 'Q', seed: 0 }),
	);
	t.regex(noGroup?.message ?? '', /not one of the groups/);
});

test('the interval of paired proportions covers the truth also where no pair disagrees', (t) => {
	const none = pairedProportionsInterval({ both: 5, onlyA: 0, onlyB: 0, neither: 0 });
	t.true((none.low as number) < -0.2 && (none.high as number) > 0.2);
	// Coverage by summing over all outcomes of 20 pairs with P(only a) = 0.2, P(only b) = 0.05, P(both) = 0.5.
	const n = 20;
	const chances = { both: 0.5, onlyA: 0.2, onlyB: 0.05, neither: 0.25 };
	let covered = 0;
	const logFactorial = (k: number): number =>
		Array.from({ length: k }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0);
	for (let a = 0; a <= n; a++) {
		for (let b = 0; a + b <= n; b++) {
			for (let both = 0; a + b + both <= n; both++) {
				const neither = n - a - b - both;
				const { low, high } = pairedProportionsInterval({ both, onlyA: a, onlyB: b, neither });
				if ((low as number) > 0.15 || (high as number) < 0.15) continue;
				const log =
					logFactorial(n) -
					logFactorial(a) -
					logFactorial(b) -
					logFactorial(both) -
					logFactorial(neither) +
					a * Math.log(chances.onlyA) +
					b * Math.log(chances.onlyB) +
					both * Math.log(chances.both) +
					neither * Math.log(chances.neither);
				covered += Math.exp(log);
			}
		}
	}
	t.true(covered > 0.94 && covered < 0.99, `coverage ${covered}`);
});

test('a table made from a table cannot be contrasted', (t) => {
	const { table, on, paired } = tableOf(answersOf([1, 2], [2, 3]));
	t.throws(() => contrast({ ...table, lineage: null }, { on, paired, baseline: 'Q', seed: 0 }), {
		message: /cannot be paired/,
	});
});
