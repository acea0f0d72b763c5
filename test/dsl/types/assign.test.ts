import test from 'ava';
import fc from 'fast-check';
import { assign, join, noBindings, substitute } from '../../../dsl/types/assign.ts';
import { showType, spellType } from '../../../dsl/types/show.ts';
import type { Type } from '../../../dsl/types/type.ts';
import { parseType } from '../../helpers/compile.ts';

const fits = (actual: string, expected: string): boolean =>
	assign(parseType(actual), parseType(expected), noBindings());
const joined = (a: string, b: string): string | null => {
	const type = join(parseType(a), parseType(b));
	return type && spellType(type);
};

test('a probability and an estimate are numbers, and not the other way round', (t) => {
	t.true(fits('Prob', 'Number'));
	t.true(fits('Estimate', 'Number'));
	t.false(fits('Number', 'Prob'));
	t.false(fits('Number', 'Estimate'));
	t.false(fits('Money', 'Number'));
	t.false(fits('Duration', 'Money'));
});

test('a value fits where it may be absent, and an absent one fits nowhere else', (t) => {
	t.true(fits('Text', 'Text?'));
	t.true(fits('None', 'Text?'));
	t.true(fits('Prob?', 'Number?'));
	t.false(fits('Text?', 'Text'));
	t.false(fits('Number', 'Text?'));
});

test('a record may have more fields than asked for, and lack those that may be absent', (t) => {
	t.true(fits('{a: Text, b: Number}', '{a: Text}'));
	t.true(fits('{a: Text}', '{a: Text, b: Number?}'));
	t.false(fits('{a: Text}', '{a: Text, b: Number}'));
	t.false(fits('{a: Number}', '{a: Text}'));
	t.true(fits('List<{a: Prob, b: Text}>', 'List<{a: Number}>'));
});

test('a model may be able to do more than asked for', (t) => {
	t.true(fits('Model<sample, choose, logprob>', 'Model<sample>'));
	t.true(fits('Model<sample>', 'Model'));
	t.false(fits('Model<sample>', 'Model<sample, logprob>'));
	t.true(fits('Trained<Model<sample>>', 'Model<sample>'));
});

test('tensors fit by rank, dimension and kind', (t) => {
	t.true(fits('Image[28, 28, 1]', 'Image'));
	t.true(fits('Image[28, 28, 1]', 'Tensor[28, 28, 1]'));
	t.false(fits('Tensor[28, 28, 1]', 'Image[28, 28, 1]'));
	t.false(fits('Image[28, 28, 1]', 'Image[28, 28, 3]'));
	t.false(fits('Tensor[28]', 'Tensor[28, 1]'));
});

test('a function fits where one is asked for that takes more special values and gives more general ones', (t) => {
	t.true(fits('Number -> Prob', 'Prob -> Number'));
	t.false(fits('Prob -> Number', 'Number -> Number'));
	t.false(fits('Number -> Number', 'Number -> Text'));
	t.false(fits('(Number, Number) -> Number', 'Number -> Number'));
});

test('a union takes each of its members and is taken where all of them are', (t) => {
	t.true(fits('Text', 'Prompt | Text'));
	t.false(fits('Number', 'Prompt | Text'));
	t.true(fits('Number | Prob', 'Number'));
	t.false(fits('Number | Text', 'Number'));
});

test('the join of two types is the least one that both fit', (t) => {
	t.is(joined('Prob', 'Number'), 'Number');
	t.is(joined('Text', 'None'), 'Text?');
	t.is(joined('Text?', 'None'), 'Text?');
	t.is(joined('Model<sample, choose, logprob>', 'Model<choose, sample>'), 'Model<sample, choose>');
	t.is(joined('{a: Text, b: Number}', '{a: Text, c: Bool}'), '{a: Text}');
	t.is(joined('List<Prob>', 'List<Number>'), 'List<Number>');
	t.is(joined('Text', 'Number'), null);
});

const name = fc.constantFrom('a', 'b', 'c');
const type: fc.Arbitrary<string> = fc.letrec<{ type: string }>((tie) => ({
	type: fc.oneof(
		{ maxDepth: 3 },
		fc.constantFrom(
			'Text',
			'Number',
			'Bool',
			'Prob',
			'Choice',
			'Estimate',
			'Money',
			'Model<sample>',
			'Model<sample, logprob>',
			'Image[2, 3, 4]',
			'Tensor[2]',
		),
		tie('type').map((inner) => `List<${inner}>`),
		tie('type').map((inner) => `Data<${inner}>`),
		tie('type')
			.filter((inner) => !inner.endsWith('?'))
			.map((inner) => `${inner.includes('->') ? `(${inner})` : inner}?`),
		fc.dictionary(name, tie('type'), { minKeys: 1 }).map(
			(fields) =>
				`{${Object.entries(fields)
					.map(([key, value]) => `${key}: ${value}`)
					.join(', ')}}`,
		),
		fc.tuple(tie('type'), tie('type')).map(([a, b]) => `(${a}) -> ${b}`),
	),
})).type;

test('every type fits itself, and reading what is spelt gives the type again', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(type, (text) => {
				const parsed = parseType(text);
				const again = parseType(spellType(parsed));
				return (
					assign(parsed, again, noBindings()) &&
					assign(again, parsed, noBindings()) &&
					spellType(again) === spellType(parsed)
				);
			}),
		),
	);
});

test('fitting goes on: what fits a type fits whatever that type fits', (t) => {
	const check = (a: Type, b: Type): boolean => assign(a, b, noBindings());
	t.notThrows(() =>
		fc.assert(
			fc.property(type, type, type, (x, y, z) => {
				const [a, b, c] = [parseType(x), parseType(y), parseType(z)];
				return !(check(a, b) && check(b, c)) || check(a, c);
			}),
			{ numRuns: 2000 },
		),
	);
});

test('both sides of a join fit it, whichever comes first', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(type, type, (x, y) => {
				const [a, b] = [parseType(x), parseType(y)];
				const both = join(a, b);
				const other = join(b, a);
				if (both === null || other === null) return both === other;
				return (
					assign(a, both, noBindings()) && assign(b, both, noBindings()) && assign(both, other, noBindings())
				);
			}),
			{ numRuns: 1000 },
		),
	);
});

test('variables take the first type they meet and widen to what both fit', (t) => {
	const bindings = noBindings();
	const variable: Type = { k: 'var', name: 'T', id: 1 };
	t.true(assign(parseType('Prob'), variable, bindings));
	t.true(assign(parseType('Number'), variable, bindings));
	t.is(showType(substitute(variable, bindings)), 'Number');
	t.false(assign(parseType('Text'), variable, bindings));
});
