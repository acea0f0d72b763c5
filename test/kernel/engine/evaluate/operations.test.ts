import test from 'ava';
import { Fault } from '../../../../kernel/engine/evaluate/fault.ts';
import { Choice } from '../../../../stdlib/values/choice.ts';
import { Labelled } from '../../../../stdlib/values/labelled.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { binary, column, field, index, list, lit, range, record, slice, text, when } from '../run/cores.ts';
import { evaluate } from './evaluating.ts';

const gap = new Missing('refused', 'the model declined');
const choice = new Choice(['a', 'b', 'c'], [0.2, 0.5, 0.3], 0.1, { by: 'logprob', normalise: 'raw' });

test('arithmetic, comparison and text joins give what they say', (t) => {
	t.is(evaluate(binary('add', lit(2), binary('mul', lit(3), lit(4)))), 14);
	t.is(evaluate(binary('div', lit(1), lit(8))), 0.125);
	t.is(evaluate(binary('lt', lit('a'), lit('b'))), true);
	t.is(evaluate(binary('concat', lit('a'), lit('b'))), 'ab');
	t.is(evaluate({ op: 'unary', fn: 'neg', of: lit(3) }), -3);
});

for (const fn of ['add', 'sub', 'mul', 'div', 'eq', 'ne', 'lt', 'ge', 'in', 'concat'] as const) {
	test(`${fn} with a missing side is that missing value`, (t) => {
		t.is(evaluate(binary(fn, column('x'), lit(1)), { row: { x: gap } }), gap);
		t.is(evaluate(binary(fn, lit(1), column('x')), { row: { x: gap } }), gap);
	});
}

test('and, or: a missing side matters only where the other side does not decide', (t) => {
	const both = (fn: 'and' | 'or', left: unknown, right: unknown) =>
		evaluate(binary(fn, column('l'), column('r')), { row: { l: left, r: right } });
	t.is(both('and', false, gap), false);
	t.is(both('and', gap, false), false);
	t.is(both('and', true, gap), gap);
	t.is(both('or', true, gap), true);
	t.is(both('or', gap, true), true);
	t.is(both('or', gap, false), gap);
	t.is(both('or', false, false), false);
});

test('a condition that is missing makes the whole expression missing and runs neither branch', (t) => {
	const fails = index(list(), lit(0));
	t.is(evaluate(when(column('x'), fails, fails), { row: { x: gap } }), gap);
});

test('only the branch that is taken is evaluated', (t) => {
	const fails = index(column('none'), lit(0));
	t.is(evaluate(when(column('x'), lit('yes'), fails), { row: { x: true, none: [] } }), 'yes');
	t.is(
		evaluate(binary('and', column('x'), binary('eq', fails, lit(1))), { row: { x: false, none: [] } }),
		false,
	);
});

test('division by zero is a fault at the place where it is written', (t) => {
	const fault = t.throws(() => evaluate(binary('div', column('x'), lit(0), 7), { row: { x: 1 } }), {
		instanceOf: Fault,
	});
	t.is(fault?.loc, 7);
	t.is(fault?.message, 'division by zero');
});

test('an index counts from 0, and one out of range says what there is', (t) => {
	const row = { xs: ['p', 'q', 'r'] };
	t.is(evaluate(index(column('xs'), lit(2)), { row }), 'r');
	t.throws(() => evaluate(index(column('xs'), lit(3)), { row }), {
		message: /index 3 is out of range: there are 3 elements, 0 to 2/,
	});
	t.throws(() => evaluate(index(column('xs'), lit(-1)), { row }), { message: /out of range/ });
	t.throws(() => evaluate(index(column('xs'), lit(0.5)), { row }), { message: /whole number/ });
});

test('a slice has both its ends and is cut to what is there', (t) => {
	const row = { xs: [0, 1, 2, 3, 4], few: [0, 1, 2] };
	t.deepEqual(evaluate(slice(column('xs'), 1, 4), { row }), [1, 2, 3, 4]);
	t.deepEqual(evaluate(slice(column('few'), 1, 4), { row }), [1, 2]);
	t.deepEqual(evaluate(slice(column('few'), 5, 9), { row }), []);
});

test('a range has both its ends; backwards it is empty', (t) => {
	t.deepEqual(evaluate(range(1, 4)), [1, 2, 3, 4]);
	t.deepEqual(evaluate(range(4, 1)), []);
});

test('a choice gives its best option, its numbers and the probability of an option', (t) => {
	const row = { c: choice };
	t.is(evaluate(field(column('c'), 'best'), { row }), 'b');
	t.is(evaluate(field(column('c'), 'best_prob'), { row }), 0.5);
	t.is(evaluate(field(column('c'), 'outside'), { row }), 0.1);
	t.is(evaluate(index(column('c'), lit('c')), { row }), 0.3);
	// -(0.2 ln 0.2 + 0.5 ln 0.5 + 0.3 ln 0.3)
	t.true(Math.abs((evaluate(field(column('c'), 'entropy'), { row }) as number) - 1.0296530140645737) < 1e-12);
	t.throws(() => evaluate(index(column('c'), lit('d')), { row }), {
		message: /"d" is not one of the options "a", "b", "c"/,
	});
});

test('a label has a name; every other field and operation is that of its value', (t) => {
	const row = { c: new Labelled('Q', { depth: 3 }), t: new Labelled('one', 'word') };
	t.is(evaluate(field(column('c'), 'name'), { row }), 'Q');
	t.is(evaluate(field(column('c'), 'depth'), { row }), 3);
	t.is(evaluate(binary('eq', column('t'), lit('word')), { row }), true);
});

test('a field that a record does not have is none, also where JavaScript objects would have one', (t) => {
	t.is(evaluate(field(column('x'), 'absent'), { row: { x: { a: 1 } } }), null);
	t.is(evaluate(field(column('x'), 'constructor'), { row: { x: { a: 1 } } }), null);
	t.is(evaluate(field(column('x'), 'toString'), { row: { x: { a: 1 } } }), null);
});

test('equality looks into lists and records', (t) => {
	const made = record({ a: list(lit(1), lit(2)), b: lit('x') });
	t.is(evaluate(binary('eq', made, column('r')), { row: { r: { b: 'x', a: [1, 2] } } }), true);
	t.is(evaluate(binary('eq', made, column('r')), { row: { r: { b: 'x', a: [1, 3] } } }), false);
	t.is(evaluate(binary('eq', made, column('r')), { row: { r: { b: 'x', a: [1, 2], c: null } } }), false);
});

test('in: items of lists, parts of texts, numbers in intervals with their ends', (t) => {
	t.is(evaluate(binary('in', lit('b'), list(lit('a'), lit('b')))), true);
	t.is(evaluate(binary('in', lit('cat'), lit('concatenate'))), true);
	const interval = { op: 'interval', from: lit(0.4), to: lit(0.6) } as const;
	t.is(evaluate(binary('in', lit(0.6), interval)), true);
	t.is(evaluate(binary('in', lit(0.61), interval)), false);
});

test('numbers stand in texts in their shortest form, and a missing part makes the text missing', (t) => {
	t.is(
		evaluate(text('n = ', lit(0.1), ', ', lit(3), ', ', lit(1e-7), '; ', lit(true))),
		'n = 0.1, 3, 1e-7; true',
	);
	t.is(evaluate(text(column('c'), ' ', column('xs')), { row: { c: choice, xs: [1, 'two'] } }), 'b 1, two');
	t.is(evaluate(text('a ', column('x')), { row: { x: gap } }), gap);
});

test('a text is counted and cut in characters as a reader sees them', (t) => {
	const row = { s: 'a🙂b' };
	t.is(evaluate(field(column('s'), 'length'), { row }), 3);
	t.is(evaluate(index(column('s'), lit(1)), { row }), '🙂');
});

test('a constant that fails, fails where it is used and not when it is compiled', (t) => {
	t.is(evaluate(when(lit(true), lit(1), binary('div', lit(1), lit(0)))), 1);
});
