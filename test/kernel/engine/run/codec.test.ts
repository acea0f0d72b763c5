import test from 'ava';
import fc from 'fast-check';
import { columnBuilder, columnOf } from '../../../../kernel/engine/columns/builders.ts';
import {
	CHUNK_ROWS,
	chunkCount,
	decodeColumn,
	encodeColumn,
} from '../../../../kernel/engine/columns/codec.ts';
import { NotStorable } from '../../../../kernel/engine/columns/plain.ts';
import { Choice } from '../../../../stdlib/values/choice.ts';
import {
	BoolColumn,
	ChoiceColumn,
	type Column,
	NumberColumn,
	ValueColumn,
} from '../../../../stdlib/values/column.ts';
import { Missing, type MissingReason } from '../../../../stdlib/values/missing.ts';
import { Prompt } from '../../../../stdlib/values/prompt.ts';
import { fakeModel } from './models.ts';

const cells = (column: Column): unknown[] =>
	Array.from({ length: column.length }, (_, row) => column.get(row));

function roundTrip(column: Column): Column {
	const chunks = [...encodeColumn(column)];
	return decodeColumn(chunks, column.length);
}

const reasons: MissingReason[] = ['failed', 'unparsed', 'refused', 'absent'];
const missing = fc
	.tuple(fc.constantFrom(...reasons), fc.string({ maxLength: 5 }), fc.option(fc.constant('timeout')))
	.map(([reason, message, code]) => new Missing(reason, message, code));

const choice = fc
	.tuple(
		fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 4 }),
		fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
	)
	.map(
		([options, outside]) =>
			new Choice(
				options,
				options.map(() => 1 / options.length),
				outside,
				{ by: 'sampling', n: 20 },
			),
	);

const kinds = {
	Number: fc.double({ noNaN: true }),
	Bool: fc.boolean(),
	Text: fc.string(),
	Choice: choice,
	'List<Any>': fc.array(
		fc.oneof(
			fc.double(),
			fc.string(),
			choice,
			missing,
			fc.record({ a: fc.integer(), b: fc.option(fc.string()) }),
		),
	),
};

for (const [type, arbitrary] of Object.entries(kinds)) {
	test(`a column of ${type} comes back from its bytes, gaps and all, whatever the order in which its rows arrived`, (t) => {
		fc.assert(
			fc.property(
				fc.array(fc.oneof<fc.Arbitrary<unknown>[]>(arbitrary, arbitrary, missing), { maxLength: 40 }),
				fc.boolean(),
				(values, backwards) => {
					const builder = columnBuilder(type, values.length);
					const order = values.map((_, row) => (backwards ? values.length - 1 - row : row));
					for (const row of order) builder.set(row, values[row]);
					const column = builder.finish(new Missing('absent', 'unset'));
					t.deepEqual(cells(column), values);
					t.deepEqual(cells(roundTrip(column)), values);
				},
			),
			{ numRuns: 60 },
		);
	});
}

test('rows that never arrived have the reason that the builder is finished with', (t) => {
	for (const type of ['Number', 'Bool', 'Choice', 'Text', 'Any']) {
		const builder = columnBuilder(type, 3);
		const value =
			{ Number: 1, Bool: false, Choice: new Choice(['a'], [1], null, { by: 'sampling', n: 1 }) }[type] ?? 'x';
		builder.set(1, value);
		const unset = new Missing('failed', 'not reached', 'budget');
		t.deepEqual(cells(builder.finish(unset)), [unset, value, unset], type);
	}
});

test('a column longer than a chunk keeps its rows in place', (t) => {
	const length = 2 * CHUNK_ROWS + 5;
	const gap = new Missing('refused', 'no');
	const numbers = new NumberColumn(
		Float64Array.from({ length }, (_, i) => i / 7),
		new Map([[CHUNK_ROWS + 1, gap]]),
	);
	t.is(chunkCount(length), 3);
	const back = roundTrip(numbers) as NumberColumn;
	t.true(back instanceof NumberColumn);
	t.is(back.get(length - 1), (length - 1) / 7);
	t.is(back.get(CHUNK_ROWS), CHUNK_ROWS / 7);
	t.deepEqual(back.get(CHUNK_ROWS + 1), gap);
	const choices = columnBuilder('Choice', length);
	for (let row = 0; row < length; row++)
		choices.set(
			row,
			new Choice(row % 2 ? ['x', 'y'] : ['p'], row % 2 ? [0.25, 0.75] : [1], null, {
				by: 'logprob',
				normalise: 'raw',
			}),
		);
	const restored = roundTrip(choices.finish(gap)) as ChoiceColumn;
	t.is(restored.shapes.length, 2);
	t.deepEqual((restored.get(length - 2) as Choice).probs, [0.25, 0.75]);
});

test('numbers and truth values take 8 bytes and 1 byte a row', (t) => {
	const bytes = (column: Column): number =>
		[...encodeColumn(column)].reduce((sum, chunk) => sum + chunk.length, 0);
	t.true(bytes(new NumberColumn(new Float64Array(10_000))) < 80_200);
	t.true(bytes(new BoolColumn(new Uint8Array(10_000))) < 10_200);
});

test('values with a class come back as what they were', (t) => {
	const prompt = new Prompt([{ role: 'user', content: 'Is it?' }], [{ id: 7 }]);
	const estimate = { kind: 'estimate', value: 1, se: null };
	const [back, plain] = cells(roundTrip(new ValueColumn<unknown>([prompt, estimate])));
	t.true(back instanceof Prompt);
	t.deepEqual(back, prompt);
	t.deepEqual(plain, estimate);
});

test('a model is kept as its identity and found again among those of the plan', (t) => {
	const { handle } = fakeModel({ name: 'one' });
	const chunks = [...encodeColumn(new ValueColumn<unknown>([handle]))];
	const found = decodeColumn(chunks, 1, (identity) => (identity.model === 'one' ? handle : null));
	t.is(found.get(0), handle);
	t.throws(() => decodeColumn(chunks, 1), { instanceOf: NotStorable });
});

test('what lives only in this process is refused by name', (t) => {
	t.throws(() => [...encodeColumn(new ValueColumn<unknown>([() => 1]))], {
		instanceOf: NotStorable,
		message: /a function/,
	});
	t.throws(() => [...encodeColumn(new ValueColumn<unknown>([[new (class Network {})()]]))], {
		message: /a Network/,
	});
});

test('a column of another version says what it is', (t) => {
	const [chunk] = [...encodeColumn(new ValueColumn<unknown>(['x']))];
	const newer = (chunk as Uint8Array).slice();
	newer[0] = 9;
	t.throws(() => decodeColumn([newer], 1), { message: /format 9; this version of Assay reads 1/ });
});

test('values alike get the narrowest column', (t) => {
	const gap = new Missing('absent', '');
	t.true(columnOf([1, gap, 2]) instanceof NumberColumn);
	t.true(columnOf([true, false]) instanceof BoolColumn);
	t.true(columnOf([new Choice(['a'], [1], null, { by: 'sampling', n: 1 })]) instanceof ChoiceColumn);
	t.true(columnOf([1, 'a']) instanceof ValueColumn);
	t.deepEqual(cells(columnOf([null, 2])), [null, 2]);
	t.deepEqual(cells(columnOf([gap, gap])), [gap, gap]);
});
