import test from 'ava';
import { textFunctions } from '../../../stdlib/text/index.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { testContext } from '../../helpers/run-context.ts';

const run = (name: string, args: Record<string, unknown>): unknown =>
	textFunctions.find((f) => f.name === name)?.run(args, testContext());
const gone = new Missing('failed', 'x');

test('texts are cut, joined and searched', (t) => {
	t.is(run('join', { list: ['a', 1, true] }), 'a, 1, true');
	t.deepEqual(run('split', { text: 'a\nb' }), ['a', 'b']);
	t.is(
		run('replace', { text: 'a.a', old: 'a', new: '$&' }),
		'$&.$&',
		'nothing in the replacement is special',
	);
	t.is(run('first_line', { text: '\n  one \ntwo' }), 'one');
	t.is(run('text', { value: { a: [1] } }), '{"a":[1]}');
	t.true(run('contains', { text: 'abc', part: 'bc' }));
});

test('length counts characters, elements and rows', (t) => {
	t.is(run('length', { of: 'a😀' }), 2);
	t.is(run('length', { of: [1, 2, 3] }), 3);
	t.is(run('length', { of: Data.fromRows([{ a: 1 }, { a: 2 }]) }), 2);
});

test('rounding is by hand: halves go away from zero, decimals are what they look like', (t) => {
	t.is(run('round', { x: 1.005, digits: 2 }), 1.01);
	t.is(run('round', { x: -2.5 }), -3);
	t.is(run('round', { x: 2.4 }), 2);
	t.is(run('round', { x: 1e-9, digits: 2 }), 0);
	t.is(run('round', { x: 1e21, digits: 2 }), 1e21);
	t.is(run('round', { x: 1234, digits: -2 }), 1200);
});

test('shares and means of lists leave out what is missing', (t) => {
	t.is(run('fraction', { of: [true, false, gone, true] }), 2 / 3);
	t.is(run('average', { of: [1, gone, 4] }), 2.5);
	t.like(run('fraction', { of: [gone] }), { reason: 'absent' });
	t.deepEqual(run('zip', { first: ['a', 'b'], second: [1] }), [{ first: 'a', second: 1 }]);
});

test('a missing value can be asked for and replaced', (t) => {
	for (const name of ['is_missing', 'or_else'])
		t.true(textFunctions.find((f) => f.name === name)?.acceptsMissing);
	t.is(run('is_missing', { value: gone }), true);
	t.is(run('is_missing', { value: 0 }), false);
	t.is(run('or_else', { value: gone, fallback: 3 }), 3);
	t.is(run('or_else', { value: 0, fallback: 3 }), 0);
});
