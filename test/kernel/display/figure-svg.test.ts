import test from 'ava';
import { figureSvg } from '../../../kernel/display/svg/figure-svg.ts';
import { bar } from '../../../stdlib/figures/bar.ts';
import { figures, table } from '../../helpers/figures.ts';

const numbers = (svg: string, pattern: RegExp): number[] =>
	[...svg.matchAll(pattern)].map((m) => Number(m[1]));

test('every kind of figure of the library has a picture with its title, axes and notices', (t) => {
	for (const [name, figure] of Object.entries(figures)) {
		const svg = figureSvg(figure) as string;
		t.regex(svg, /^<svg xmlns/, name);
		t.false(/NaN|undefined|Infinity/.test(svg), name);
	}
	t.true(figureSvg(figures.line as never)?.includes('! small is simulated'));
	t.true(figureSvg(figures.line as never)?.includes('>accuracy</text>'));
});

test('points stand where their values are: higher values higher, and error bars around them', (t) => {
	const svg = figureSvg(figures.names as never) as string;
	// Series Q, circles: small 0.3 and large 0.7.
	const [small, large] = numbers(svg, /<circle cx="[\d.]+" cy="([\d.]+)" r="4.5"/g) as [number, number];
	t.true(large < small);
	const ticks = [...svg.matchAll(/text-anchor="end">([\d.]+)<\/text>/g)].map((m) => Number(m[1]));
	const heights = numbers(svg, /<text x="[\d.]+" y="([\d.]+)" text-anchor="end">[\d.]+<\/text>/g).map(
		(y) => y - 4,
	);
	const scale =
		((heights[1] as number) - (heights[0] as number)) / ((ticks[1] as number) - (ticks[0] as number));
	const valueAt = (y: number): number => (ticks[0] as number) + (y - (heights[0] as number)) / scale;
	t.true(Math.abs(valueAt(small) - 0.3) < 0.005, String(valueAt(small)));
	t.true(Math.abs(valueAt(large) - 0.7) < 0.005, String(valueAt(large)));
});

test('text of models and data is escaped', (t) => {
	const rows = table.rows.map((row) => ({ ...row, c: `<script>alert(1)</script>${row.c}"` }));
	const svg = figureSvg(bar({ ...table, rows }, { x: 'm', y: 'accuracy', color: 'c' })) as string;
	t.false(svg.includes('<script'));
	t.true(svg.includes('&lt;script&gt;'));
});

test('a figure of another kind has no picture rather than an empty one', (t) => {
	t.is(figureSvg({ kind: 'figure', data: [{ type: 'surface' }], layout: {}, notices: [] }), null);
});
