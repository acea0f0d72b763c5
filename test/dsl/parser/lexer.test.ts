import test from 'ava';
import type { Expr } from '../../../dsl/ast.ts';
import { parseExpression } from '../../../dsl/parser/parser.ts';

const numberOf = (source: string) => {
	const expr = parseExpression(source);
	return expr.kind === 'number' ? [expr.value, expr.unit] : expr.kind;
};

const textOf = (expr: Expr): string =>
	expr.kind === 'text'
		? expr.parts.map((part) => (part.kind === 'chars' ? part.value : '•')).join('')
		: expr.kind;
const text = (source: string): string => textOf(parseExpression(source));

test('numbers are scaled by their suffix and know their unit', (t) => {
	t.deepEqual(numberOf('1_000'), [1000, 'number']);
	t.deepEqual(numberOf('3e-4'), [0.0003, 'number']);
	t.deepEqual(numberOf('2k'), [2000, 'number']);
	t.deepEqual(numberOf('2.5M'), [2_500_000, 'number']);
	t.deepEqual(numberOf('5%'), [0.05, 'percent']);
	// 0.7 * 0.01 would be 0.006999999999999999.
	t.deepEqual(numberOf('0.7%'), [0.007, 'percent']);
	t.deepEqual(numberOf('20ms'), [0.02, 'duration']);
	t.deepEqual(numberOf('5min'), [300, 'duration']);
	t.deepEqual(numberOf('2h'), [7200, 'duration']);
	t.deepEqual(numberOf('1d'), [86_400, 'duration']);
	t.deepEqual(numberOf('$0.50'), [0.5, 'money']);
	t.deepEqual(numberOf('$2k'), [2000, 'money']);
});

test('escapes stand for their characters', (t) => {
	t.is(text(String.raw`"a\"b\\c\nd\te\{f\}"`), 'a"b\\c\nd\te{f}');
	t.throws(() => parseExpression(String.raw`"\d"`), { message: /`\\d` is not an escape/ });
});

test('holes hold any expression, also with braces and texts of their own', (t) => {
	t.is(text('"a{b}c"'), 'a•c');
	t.is(text('"{ {x: "\\}"}.x }{f("{g}")}"'), '••');
	t.is(text('"""\n  {if a then "x" else "y"}\n  z\n  """'), '•\nz');
});

test('a block loses the indentation that its lines share and nothing else', (t) => {
	t.is(text('"""\n    a\n      b\n\n    c\n  """'), 'a\n  b\n\nc');
	t.is(text('"""\n\ta\n\t\tb\n"""'), 'a\n\tb');
	t.is(text('"""one line"""'), 'one line');
	t.is(text('"""a\n   b\n   c"""'), 'a\nb\nc');
	t.is(text('"""\n"""'), '');
	t.is(text('"""\n\n\n"""'), '\n');
	t.is(text('"""\n  a\n    {x}  \n  """'), 'a\n  •');
	t.is(text('"""\n  say "hi" and ""\n  """'), 'say "hi" and ""');
	t.is(text('"""\r\n  a\r\n  b\r\n  """'), 'a\nb');
});

test('an escaped line break in a block is not part of its layout', (t) => {
	t.is(text('"""\n    a\\n  b\n  """'), 'a\n  b');
});
