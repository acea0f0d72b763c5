import test from 'ava';
import fc from 'fast-check';
import { dataFunctions } from '../../../stdlib/data/index.ts';
import { balanced } from '../../../stdlib/data/transforms/balanced.ts';
import { concat } from '../../../stdlib/data/transforms/concat.ts';
import { confident } from '../../../stdlib/data/transforms/confident.ts';
import { nearDuplicates } from '../../../stdlib/data/transforms/near-duplicates.ts';
import { numbered } from '../../../stdlib/data/transforms/numbered.ts';
import { skip, sort, take } from '../../../stdlib/data/transforms/order.ts';
import { sample, stratified } from '../../../stdlib/data/transforms/sample.ts';
import { trainTestSplit } from '../../../stdlib/data/transforms/split.ts';
import { unique } from '../../../stdlib/data/transforms/unique.ts';
import { where } from '../../../stdlib/data/transforms/where.ts';
import { UserError } from '../../../stdlib/define.ts';
import { type Random, randomStream } from '../../../stdlib/random.ts';
import { Data, type Row } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { testContext } from '../../helpers/run-context.ts';

const GONE = new Missing('failed', 'the call failed');

const data = (rows: readonly Row[]): Data =>
	Data.fromRows(rows, [{ name: 'test', source: 'test', notice: 'a notice' }]);
const ids = (d: Data): unknown[] => Array.from(d, (row) => (row as Row).id);
const numbers = (n: number): Data => data(Array.from({ length: n }, (_, id) => ({ id })));
const column = (d: Data, name: string) => (row: number) => d.column(name).get(row);
const streams =
	(seed: number) =>
	(stratum: string): Random =>
		randomStream(seed, stratum);

test('where keeps the rows whose condition is true, and not those where it is missing', (t) => {
	const d = data([
		{ id: 1, ok: true },
		{ id: 2, ok: false },
		{ id: 3, ok: GONE },
		{ id: 4, ok: true },
	]);
	const kept = where(d, column(d, 'ok'));
	t.deepEqual(ids(kept), [1, 4]);
	t.is(kept.provenance[0]?.notice, 'a notice', 'where rows came from is kept');
});

test('sample draws that many different rows in their order, and a larger sample holds the smaller', (t) => {
	fc.assert(
		fc.property(fc.nat(60), fc.nat(70), fc.nat(70), fc.nat(), (length, n, m, seed) => {
			const d = numbers(length);
			const draw = (count: number): number[] => ids(sample(d, count, randomStream(seed, 's'))) as number[];
			const drawn = draw(n);
			t.is(drawn.length, Math.min(n, length));
			t.deepEqual(
				drawn,
				[...new Set(drawn)].sort((a, b) => a - b),
			);
			t.deepEqual(drawn, draw(n), 'the same seed draws the same rows');
			const larger = new Set(draw(Math.max(n, m)));
			t.true(drawn.every((id) => larger.has(id)));
		}),
	);
});

test('sample is uniform: every row is drawn about equally often', (t) => {
	const counts = new Array<number>(10).fill(0);
	const d = numbers(10);
	for (let seed = 0; seed < 4000; seed++)
		for (const id of ids(sample(d, 3, randomStream(seed, 's'))))
			counts[id as number] = (counts[id as number] ?? 0) + 1;
	// 4000 draws of 3 in 10: 1200 ± 5 standard deviations of 29.
	for (const count of counts) t.true(Math.abs(count - 1200) < 145, String(count));
});

test('stratified takes n of each group, all of a smaller one, and adding a group changes no other draw', (t) => {
	fc.assert(
		fc.property(
			fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }),
			fc.nat(12),
			fc.nat(),
			(groups, n, seed) => {
				const d = data(groups.map((group, id) => ({ id, group })));
				const drawn = stratified(d, column(d, 'group'), n, streams(seed));
				const size = (rows: Iterable<unknown>, group: string): number =>
					[...rows].filter((row) => (row as Row).group === group).length;
				for (const group of 'abc') t.is(size(drawn, group), Math.min(n, size(d, group)));
				t.deepEqual(
					ids(drawn),
					[...ids(drawn)].sort((a, b) => (a as number) - (b as number)),
					'rows keep their order',
				);

				const more = data([
					...groups.map((group, id) => ({ id, group })),
					...[1, 2, 3].map((i) => ({ id: 100 + i, group: 'new' })),
				]);
				const withNew = stratified(more, column(more, 'group'), n, streams(seed));
				t.deepEqual(
					ids(withNew).filter((id) => (id as number) < 100),
					ids(drawn),
				);
			},
		),
	);
});

test('stratified leaves out rows without a group, and says how many', (t) => {
	const definition = dataFunctions.find(({ name }) => name === 'stratified');
	const d = data([
		{ id: 1, g: 'a' },
		{ id: 2, g: GONE },
		{ id: 3, g: 1 },
		{ id: 4, g: '1' },
	]);
	const context = testContext();
	const drawn = definition?.run({ data: d, by: column(d, 'g'), n: 1, seed: 0 }, context) as Data;
	t.deepEqual(ids(drawn), [1, 3, 4], 'the number 1 and the text "1" are two groups');
	t.deepEqual(context.notices, ['stratified: 1 rows without a value were left out']);
});

test('sample of more rows than there are gives all, and says so', (t) => {
	const definition = dataFunctions.find(({ name }) => name === 'sample');
	const context = testContext();
	t.is((definition?.run({ data: numbers(3), n: 5, seed: 0 }, context) as Data | undefined)?.length, 3);
	t.deepEqual(context.notices, ['sample: 5 rows were asked for, there are 3']);
	t.throws(() => definition?.run({ data: numbers(3), n: 1.5, seed: 0 }, context), { instanceOf: UserError });
	t.throws(() => definition?.run({ data: numbers(3), n: -1, seed: 0 }, context), { instanceOf: UserError });
});

test('take and skip cut the rows in two', (t) => {
	t.deepEqual(ids(take(numbers(4), 3)), [0, 1, 2]);
	t.deepEqual(ids(skip(numbers(4), 3)), [3]);
	t.deepEqual(ids(take(numbers(2), 3)), [0, 1]);
	t.deepEqual(ids(skip(numbers(2), 3)), []);
});

test('sort is stable, puts missing rows last either way, and refuses mixed kinds', (t) => {
	const d = data([
		{ id: 0, k: 2 },
		{ id: 1, k: GONE },
		{ id: 2, k: 10 },
		{ id: 3, k: 2 },
		{ id: 4, k: -1 },
	]);
	t.deepEqual(ids(sort(d, column(d, 'k'))), [4, 0, 3, 2, 1]);
	t.deepEqual(ids(sort(d, column(d, 'k'), true)), [2, 0, 3, 4, 1]);
	const words = data([
		{ id: 0, k: 'b' },
		{ id: 1, k: 'B' },
		{ id: 2, k: 'a' },
	]);
	t.deepEqual(ids(sort(words, column(words, 'k'))), [1, 2, 0]);
	const mixed = data([
		{ id: 0, k: 'b' },
		{ id: 1, k: 1 },
	]);
	t.throws(() => sort(mixed, column(mixed, 'k')), { instanceOf: UserError, message: /string and number/ });
});

test('a train and a test part share no row and leave none out', (t) => {
	const { train, test: held } = trainTestSplit(numbers(10), 0.25, randomStream(3, 'split'));
	t.is(held.length, 3);
	t.deepEqual([...ids(train), ...ids(held)].sort(), ids(numbers(10)).sort());
	t.throws(() => trainTestSplit(numbers(10), 20, randomStream(3, 'split')), { instanceOf: UserError });
});

test('concat puts rows below each other and asks for the same columns', (t) => {
	t.deepEqual(ids(concat(numbers(2), numbers(1))), [0, 1, 0]);
	t.throws(() => concat(numbers(2), data([{ x: 1 }])), { instanceOf: UserError, message: /"id"/ });
	t.throws(() => concat(numbers(2), data([{ id: 1, x: 1 }])), { instanceOf: UserError, message: /"x"/ });
	t.deepEqual(
		Array.from(numbered(skip(numbers(3), 1)), (row) => (row as Row).row),
		[0, 1],
	);
});

/** Jaccard index of sets of letter triples, by the definition. */
function jaccard(a: string, b: string): number {
	const grams = (text: string): Set<string> => {
		const plain = text.toLowerCase().replace(/\s+/g, ' ').trim();
		return plain.length < 3
			? new Set([plain])
			: new Set(Array.from({ length: plain.length - 2 }, (_, i) => plain.slice(i, i + 3)));
	};
	const [x, y] = [grams(a), grams(b)];
	const shared = [...x].filter((gram) => y.has(gram)).length;
	return shared / (x.size + y.size - shared);
}

test('near duplicates are exactly the texts that are near an earlier kept one', (t) => {
	const text = fc
		.array(fc.constantFrom('I want power ', 'I like ', 'helping ', 'people ', 'Power  ', 'a', 'x'), {
			maxLength: 5,
		})
		.map((words) => words.join(''));
	fc.assert(
		fc.property(
			fc.array(text, { maxLength: 25 }),
			fc.constantFrom(0.2, 0.5, 0.8, 0.9, 0.99),
			(texts, threshold) => {
				const kept: string[] = [];
				const dropped = new Set<number>();
				for (const [i, each] of texts.entries()) {
					if (kept.some((other) => jaccard(other, each) >= threshold - 1e-9)) dropped.add(i);
					else kept.push(each);
				}
				t.deepEqual([...nearDuplicates(texts, threshold)], [...dropped]);
			},
		),
	);
});

test('unique keeps the first of equal or near texts and no row without a text', (t) => {
	const d = data([
		{ id: 0, s: 'I want more power over the world.' },
		{ id: 1, s: 'I want more power over the world!' },
		{ id: 2, s: GONE },
		{ id: 3, s: 'I want more power over the world.' },
		{ id: 4, s: 'Something else altogether' },
	]);
	t.deepEqual(ids(unique(d, column(d, 's'))), [0, 1, 4]);
	t.deepEqual(ids(unique(d, column(d, 's'), 0.9)), [0, 4]);
	t.throws(() => unique(d, column(d, 's'), 0), { instanceOf: UserError });
});

test('the copies among ten thousand texts are found', (t) => {
	const random = randomStream(1, 'texts');
	const syllables = ['po', 'wer', 'ma', 'li', 'ken', 'dra', 'su', 'to', 'ri', 'ban'];
	const word = (): string => Array.from({ length: 3 }, () => syllables[random.below(10)]).join('');
	const words = Array.from({ length: 500 }, word);
	const texts = Array.from({ length: 10_000 }, () =>
		Array.from({ length: 12 }, () => words[random.below(words.length)]).join(' '),
	);
	texts.push(texts[5] as string, `${texts[6]} x`);
	const dropped = nearDuplicates(texts, 0.9);
	t.true(dropped.has(10_000) && dropped.has(10_001));
});

test('confident keeps the surest rows of each label whose likelier answer it is', (t) => {
	const d = data([
		{ id: 0, p: 0.6, y: true },
		{ id: 1, p: 0.9, y: true },
		{ id: 2, p: 0.4, y: true },
		{ id: 3, p: 0.5, y: true },
		{ id: 4, p: 0.3, y: false },
		{ id: 5, p: 0.05, y: false },
		{ id: 6, p: 0.8, y: false },
		{ id: 7, p: GONE, y: false },
	]);
	const { data: kept, leftOut } = confident(d, column(d, 'p'), column(d, 'y'), 2);
	t.deepEqual(ids(kept), [1, 0, 5, 4]);
	t.deepEqual(
		Array.from(kept, (row) => (row as Row).confidence),
		[0.9, 0.6, 0.95, 0.7],
	);
	t.deepEqual(
		Array.from(kept, (row) => (row as Row).matching),
		['Yes', 'Yes', 'No', 'No'],
	);
	t.is(leftOut, 1);
	t.deepEqual(ids(confident(d, column(d, 'p'), column(d, 'y'), 10).data), [1, 0, 3, 5, 4]);
	t.throws(
		() =>
			confident(
				d,
				() => 2,
				() => true,
				1,
			),
		{ instanceOf: UserError },
	);
});

test('balanced drops the last rows of the larger groups', (t) => {
	const d = data([
		{ id: 0, y: true },
		{ id: 1, y: true },
		{ id: 2, y: false },
		{ id: 3, y: true },
		{ id: 4, y: false },
	]);
	t.deepEqual(ids(balanced(d, column(d, 'y'))), [0, 1, 2, 4]);
	t.is(balanced(numbers(0), () => 1).length, 0);
});
