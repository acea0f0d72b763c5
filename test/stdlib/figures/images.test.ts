import { inflateSync } from 'node:zlib';
import test from 'ava';
import { figureSvg } from '../../../kernel/display/svg/figure-svg.ts';
import { images } from '../../../stdlib/figures/images.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { tensorValue } from '../../../stdlib/values/tensor.ts';

const shade = (value: number, shape = [2, 2, 1]) =>
	tensorValue(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value));

/** Pixels of a PNG by the format's own description: chunks of length, name, content, checksum. */
function pixelsOf(uri: string): { width: number; height: number; at(x: number, y: number): number[] } {
	const bytes = Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64');
	let header = Buffer.alloc(0);
	let content = Buffer.alloc(0);
	for (let at = 8; at < bytes.length; ) {
		const length = bytes.readUInt32BE(at);
		const [name, body] = [bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length)];
		if (name === 'IHDR') header = body;
		if (name === 'IDAT') content = Buffer.concat([content, body]);
		at += 12 + length;
	}
	const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
	const lines = inflateSync(content);
	return {
		width,
		height,
		at: (x, y) => [...lines.subarray(y * (1 + 3 * width) + 1 + 3 * x).subarray(0, 3)],
	};
}

const rows = Data.fromRows(
	[0, 0.5, 1].flatMap((value) =>
		['a', 'b'].map((net) => ({ net, y: shade(net === 'a' ? value : 1 - value), x: shade(value) })),
	),
);

test('a gallery has a column for each value, the originals first, and the first rows in each', (t) => {
	const figure = images(rows, { image: 'y', original: 'x', columns: 'net', rows: 2 });
	const { width, height, at } = pixelsOf((figure.data[0] as { source: string }).source);
	t.deepEqual([width, height], [3 * 2 + 2 * 2, 2 * 2 + 2]);
	const column = (i: number) => [at(i * 4, 0)[0], at(i * 4, 4)[0]];
	t.deepEqual(column(0), [0, 128], 'originals');
	t.deepEqual(column(1), [0, 128], 'a');
	t.deepEqual(column(2), [255, 128], 'b');
	t.deepEqual((figure.layout.xaxis as { ticktext: string[] }).ticktext, ['x', 'a', 'b']);
	t.deepEqual(at(2, 0), [255, 255, 255], 'white between pictures');
});

test('three channels are colours, values beyond the ends are cut', (t) => {
	const red = tensorValue([1, 1, 3], Float32Array.of(2, -1, 0));
	const figure = images(Data.fromRows([{ y: red }]), { image: 'y' });
	t.deepEqual(pixelsOf((figure.data[0] as { source: string }).source).at(0, 0), [255, 0, 0]);
});

test('rows without a picture are left out and counted', (t) => {
	const data = Data.fromRows([{ y: shade(1) }, { y: new Missing('failed', 'no') }]);
	t.regex(images(data, { image: 'y' }).notices.join(), /1 row is not drawn: it has no picture/);
});

test('a gallery can be drawn without a script, and carries nothing but its own picture', (t) => {
	const figure = images(rows, { image: 'y', columns: 'net' });
	t.regex(figureSvg(figure) ?? '', /<image [^>]*href="data:image\/png;base64,[A-Za-z0-9+/=]+"/);
	const elsewhere = { ...figure, data: [{ type: 'image', source: 'https://example.org/x.png' }] };
	t.is(figureSvg(elsewhere), null);
});
