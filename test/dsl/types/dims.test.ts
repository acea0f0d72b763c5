import test from 'ava';
import fc from 'fast-check';
import {
	add,
	constant,
	type Dim,
	divide,
	freshDim,
	multiply,
	sameDim,
	showDim,
	substituteDim,
	valueOfDim,
	variable,
} from '../../../dsl/types/dims.ts';

const [h, w] = [variable('h'), variable('w')];
const plus = (a: Dim, n: number): Dim => add(a, constant(n));

test('the order in which a dimension is written does not matter', (t) => {
	t.true(sameDim(plus(h, 1), add(constant(1), h)));
	t.true(sameDim(multiply(h, w), multiply(w, h)));
	t.true(sameDim(multiply(plus(h, 1), constant(2)), plus(multiply(constant(2), h), 2)));
	t.false(sameDim(plus(h, 1), h));
	t.false(sameDim(h, w));
});

test('dimensions read as a user would write them', (t) => {
	t.is(showDim(plus(multiply(h, constant(2)), -1)), '2 * h - 1');
	t.is(showDim(multiply(h, w)), 'h * w');
	t.is(showDim(divide(h, constant(2), 'ceil')), 'ceil(h / 2)');
	t.is(showDim(add(h, h, -1)), '0');
	t.is(showDim(variable('?h#12')), 'h');
});

test('quotients of numbers are rounded, and dividing by one changes nothing', (t) => {
	t.is(valueOfDim(divide(constant(7), constant(2), 'ceil')), 4);
	t.is(valueOfDim(divide(constant(7), constant(2), 'floor')), 3);
	t.true(sameDim(divide(h, constant(1), 'ceil'), h));
	t.is(valueOfDim(divide(h, constant(2), 'floor')), null);
});

test('equal quotients are equal and others are not', (t) => {
	const half = (dim: Dim): Dim => divide(dim, constant(2), 'ceil');
	t.true(sameDim(half(plus(h, 1)), half(add(constant(1), h))));
	t.false(sameDim(half(h), half(w)));
	t.false(sameDim(half(variable('?h#1')), half(variable('?h#2'))));
});

type Tree = { readonly dim: Dim; readonly at: (h: number, w: number) => number };
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
	tree: fc.oneof(
		{ maxDepth: 4 },
		fc.integer({ min: 0, max: 9 }).map((n): Tree => ({ dim: constant(n), at: () => n })),
		fc.constant<Tree>({ dim: h, at: (x) => x }),
		fc.constant<Tree>({ dim: w, at: (_, y) => y }),
		fc
			.tuple(tie('tree'), tie('tree'))
			.map(([a, b]): Tree => ({ dim: add(a.dim, b.dim), at: (x, y) => a.at(x, y) + b.at(x, y) })),
		fc
			.tuple(tie('tree'), tie('tree'))
			.map(([a, b]): Tree => ({ dim: add(a.dim, b.dim, -1), at: (x, y) => a.at(x, y) - b.at(x, y) })),
		fc
			.tuple(tie('tree'), tie('tree'))
			.map(([a, b]): Tree => ({ dim: multiply(a.dim, b.dim), at: (x, y) => a.at(x, y) * b.at(x, y) })),
		fc.tuple(tie('tree'), fc.integer({ min: 1, max: 4 })).map(
			([a, n]): Tree => ({
				dim: divide(a.dim, constant(n), 'ceil'),
				at: (x, y) => Math.ceil(a.at(x, y) / n),
			}),
		),
		fc.tuple(tie('tree'), fc.integer({ min: 1, max: 4 })).map(
			([a, n]): Tree => ({
				dim: divide(a.dim, constant(n), 'floor'),
				at: (x, y) => Math.floor(a.at(x, y) / n),
			}),
		),
	),
})).tree;

test('putting numbers in gives what arithmetic gives', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(
				tree,
				fc.integer({ min: 1, max: 64 }),
				fc.integer({ min: 1, max: 64 }),
				({ dim, at }, x, y) => {
					const value = valueOfDim(
						substituteDim(
							dim,
							new Map([
								['h', constant(x)],
								['w', constant(y)],
							]),
						),
					);
					return value === at(x, y) || (value === 0 && at(x, y) === 0);
				},
			),
		),
	);
});

test('fresh variables are those of one use and of no other', (t) => {
	t.notThrows(() =>
		fc.assert(
			fc.property(tree, ({ dim }) => {
				const [first, same, second] = [freshDim(dim, -1), freshDim(dim, -1), freshDim(dim, -2)];
				const hasVariables = valueOfDim(dim) === null;
				return (
					sameDim(first, same) &&
					showDim(first) === showDim(second) &&
					sameDim(first, second) === !hasVariables
				);
			}),
		),
	);
});
