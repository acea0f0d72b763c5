import test from 'ava';
import { encode } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import type { NotebookDocument } from '../../../kernel/notebook/document.ts';
import { compareNotebooks } from '../../../kernel/notebook/pack/compare.ts';
import { pictureDifference } from '../../../kernel/notebook/pack/compare-pictures.ts';
import { sameText } from '../../../kernel/notebook/pack/compare-text.ts';
import { valueDifferences } from '../../../kernel/notebook/pack/compare-values.ts';
import { notebookOf } from '../../helpers/notebooks.ts';

test('numbers in texts are the same within the tolerance, words only when they are equal', (t) => {
	t.true(sameText('a 0.1234567 b 1e-9', 'a 0.12345671 b 1.0000001e-9', 1e-6));
	t.false(sameText('a 0.123', 'a 0.124', 1e-6));
	t.true(sameText('a 0.123', 'a 0.124', 0.01));
	t.false(sameText('a 0.123', 'b 0.123', 1e-6));
	t.false(sameText('-1', '1', 0.1));
	t.false(sameText('0', '1e-12', 1e-6), 'zero is no other number');
});

test('values of a figure that differ are told with their place', (t) => {
	const figure = { data: [{ y: [1, 2, null], name: 'n = 3' }] };
	t.deepEqual(valueDifferences(figure, structuredClone(figure), 1e-6), []);
	t.deepEqual(valueDifferences(figure, { data: [{ y: [1, 2.1, 3], name: 'n = 3' }] }, 1e-6), [
		'data[0].y[1]: 2 was packed, 2.1 came now',
		'data[0].y[2]: null was packed, 3 came now',
	]);
	t.deepEqual(valueDifferences({ a: 1 }, { b: 1 }, 1e-6), [
		'a: 1 was packed, nothing came now',
		'b: nothing was packed, 1 came now',
	]);
});

const PNG = 'image/png';

test('pictures are the same when few pixels are others, by their colours and not by how they are written', (t) => {
	const picture = (shade: (pixel: number) => number, channels: 1 | 3 | 4 = 3): string => {
		const data = new Uint8Array(100 * channels);
		for (let pixel = 0; pixel < 100; pixel++)
			for (let i = 0; i < channels; i++) data[pixel * channels + i] = i === 3 ? 255 : shade(pixel);
		return Buffer.from(encode({ width: 10, height: 10, data, channels, depth: 8 })).toString('base64');
	};
	const gray = picture(() => 100);
	t.is(
		pictureDifference(
			PNG,
			gray,
			picture(() => 105),
		),
		null,
		'a shade',
	);
	t.is(
		pictureDifference(
			PNG,
			gray,
			picture(() => 100, 4),
		),
		null,
		'with opacity',
	);
	t.is(
		pictureDifference(
			PNG,
			gray,
			picture(() => 100, 1),
		),
		null,
		'as greys',
	);
	t.is(
		pictureDifference(
			PNG,
			gray,
			picture((pixel) => (pixel < 2 ? 200 : 100)),
		),
		null,
		'two of a hundred',
	);
	t.is(
		pictureDifference(
			PNG,
			gray,
			picture((pixel) => (pixel < 3 ? 200 : 100)),
		),
		'3.0% of the pixels differ (2% may)',
	);
	const small = Buffer.from(
		encode({ width: 5, height: 20, data: new Uint8Array(300), channels: 3 }),
	).toString('base64');
	t.is(pictureDifference(PNG, gray, small), 'a picture of 10×10 was packed, one of 5×20 came now');
	t.regex(pictureDifference(PNG, gray, 'AAAA') ?? '', /cannot be read/);
});

test('JPEG pictures are compared by their pixels too, pictures of other kinds byte by byte', (t) => {
	const picture = (quality: number, shade: (pixel: number) => number): string => {
		const data = Uint8Array.from({ length: 4 * 64 * 64 }, (_, i) => (i % 4 === 3 ? 255 : shade(i >> 2)));
		return encodeJpeg({ width: 64, height: 64, data }, quality).data.toString('base64');
	};
	const halves = (pixel: number): number => (pixel % 64 < 32 ? 60 : 200);
	const packed = picture(95, halves);
	const written = picture(80, halves);
	t.not(packed, written);
	t.is(pictureDifference('image/jpeg', packed, written), null, 'with another loss');
	const other = picture(95, (pixel) => (pixel % 64 < 40 ? 60 : 200));
	t.is(pictureDifference('image/jpeg', packed, other), '12.5% of the pixels differ (2% may)');
	t.regex(pictureDifference('image/jpeg', packed, 'AAAA') ?? '', /cannot be read/);
	t.regex(pictureDifference('image/gif', 'AAAA', 'AAAB') ?? '', /of image\/gif every byte is compared/);
	const shownAs = (base64: string) => withOutputs(shown({ 'image/jpeg': base64, 'text/plain': 'a figure' }));
	t.deepEqual(compareNotebooks(shownAs(packed), shownAs(written)).differences, []);
	t.is(compareNotebooks(shownAs(packed), shownAs(other)).differences[0]?.what, 'output 1, a picture');
});

function withOutputs(...outputs: unknown[]): NotebookDocument {
	const document = notebookOf(['1']);
	const [cell] = document.cells;
	if (cell?.cell_type === 'code') cell.outputs = outputs as typeof cell.outputs;
	return document;
}

const stream = (name: string, text: string) => ({ output_type: 'stream', name, text });
const shown = (data: Record<string, unknown>, metadata = {}) => ({
	output_type: 'display_data',
	data,
	metadata,
});

test('progress, stderr and durations are left out; what is printed counts as a whole', (t) => {
	const packed = withOutputs(
		shown({ 'text/plain': 'done in 3 s' }, { assay: { volatile: true } }),
		stream('stdout', 'a took 1.5 s\n'),
		stream('stderr', 'warning 1'),
		stream('stdout', 'b 2\n'),
		shown({ 'text/plain': '1' }),
	);
	const now = withOutputs(
		stream('stdout', 'a took 12 ms\nb 2\n'),
		shown({ 'text/plain': '1' }),
		stream('stderr', 'another'),
	);
	t.deepEqual(compareNotebooks(packed, now), { outputs: 2, differences: [] });
});

test('a display that is missing, of another kind or of other words is told', (t) => {
	const table = shown({ 'text/plain': 'rate\n0.5', 'text/html': '<td>0.5</td>' });
	const lines = (now: NotebookDocument): readonly string[] =>
		compareNotebooks(withOutputs(table), now).differences.flatMap(({ what, lines }) => [what, ...lines]);
	t.deepEqual(lines(withOutputs()), ['its outputs', '1 were packed, 0 came now']);
	t.deepEqual(lines(withOutputs(shown({ 'text/plain': 'rate\n0.5' }))), [
		'output 1, another kind',
		'- text/html, text/plain',
		'+ text/plain',
	]);
	t.deepEqual(lines(withOutputs(shown({ 'text/plain': 'rate\n0.6', 'text/html': '<td>0.6</td>' }))), [
		'output 1, text/plain',
		'- 0.5',
		'+ 0.6',
	]);
	t.deepEqual(lines(withOutputs(shown({ 'text/plain': 'rate\n0.5', 'text/html': '<td>0.6</td>' }))), [
		'output 1, text/html',
		'- <td>0.5</td>',
		'+ <td>0.6</td>',
	]);
});
