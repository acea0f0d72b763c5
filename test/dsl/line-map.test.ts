import test from 'ava';
import fc from 'fast-check';
import { LineMap } from '../../dsl/line-map.ts';

test('lines end at \\n, \\r\\n and \\r', (t) => {
	const map = new LineMap('a\nbc\r\nd\re');
	t.is(map.lineCount, 4);
	t.deepEqual(
		[1, 2, 3, 4].map((line) => map.lineText(line)),
		['a', 'bc', 'd', 'e'],
	);
	t.deepEqual(map.positionAt(7), { line: 3, column: 2 });
	t.deepEqual(map.positionAt(6), { line: 3, column: 1 });
});

test('columns count code points, and UTF-16 columns count units', (t) => {
	const map = new LineMap('x\n🙂é|');
	t.deepEqual(map.positionAt(5), { line: 2, column: 3 });
	t.deepEqual(map.utf16PositionAt(5), { line: 2, utf16Column: 4 });
	t.is(map.offsetAt({ line: 2, column: 3 }), 5);
	t.is(map.offsetAtUtf16({ line: 2, utf16Column: 4 }), 5);
});

test('places outside the text are moved to its ends', (t) => {
	const map = new LineMap('ab\nc');
	t.deepEqual(map.positionAt(99), { line: 2, column: 2 });
	t.is(map.offsetAt({ line: 1, column: 99 }), 2);
	t.is(map.offsetAt({ line: 9, column: 1 }), 3);
	t.deepEqual(new LineMap('').positionAt(0), { line: 1, column: 1 });
});

test('an offset between code points survives the way to a position and back', (t) => {
	const texts = fc.array(fc.constantFrom('a', '🙂', 'é', '\n', '\r', '\r\n', '\t'), { maxLength: 20 });
	fc.assert(
		fc.property(texts, fc.nat(20), (parts, cut) => {
			const text = parts.join('');
			const offset = parts.slice(0, cut).join('').length;
			const map = new LineMap(text);
			const inBreak = text[offset - 1] === '\r' && text[offset] === '\n';
			if (inBreak) return;
			t.is(map.offsetAtUtf16(map.utf16PositionAt(offset)), offset);
			t.is(map.offsetAt(map.positionAt(offset)), offset);
		}),
	);
});
