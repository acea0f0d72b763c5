import test from 'ava';
import { run } from '../../../kernel/engine/run.ts';
import { compileStudy } from '../../../kernel/study/compile.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { type Figure, isFigure } from '../../../stdlib/values/figure.ts';

/** The figure of `figure f = …` over the answers of a simulated responder. */
async function drawn(figure: string): Promise<Figure> {
	const text = `study "Axes" { seed: 1 }
model m = simulated(accuracy: 0.7)
prompt p(i: Number) { user "Question {i}: which?" }
eval a {
  for i in 1..40
  c = m.choose(p(i), options: ["a", "b"])
  right = c.best == "a"
}
table t = from a by i { rate = mean(right) }
figure f = ${figure}
`;
	const { plan, diagnostics } = await compileStudy({ text, path: null, library: standardLibrary });
	if (!plan) throw new Error(JSON.stringify(diagnostics));
	const { values } = await run(plan, { library: standardLibrary, store: null });
	const value = values.get('f');
	if (!isFigure(value)) throw new Error('no figure');
	return value;
}

// biome-ignore lint/suspicious/noExplicitAny: a figure is Plotly's own JSON
const titlesOf = ({ layout }: Figure): any[] => {
	const { xaxis, yaxis, legend } = layout as Record<string, { title?: { text?: string } }>;
	return [xaxis, yaxis, legend].map((part) => part?.title?.text);
};

test('an axis of an expression is named by its text, one of a column by the column', async (t) => {
	const histogram = await drawn('histogram(a, x: c["a"])');
	t.is(titlesOf(histogram)[0], 'c["a"]');
	t.regex(JSON.stringify(histogram.layout), /rows by c\[/);
	t.is(titlesOf(await drawn('histogram(a, x: right)'))[0], 'right');
	t.deepEqual(titlesOf(await drawn('scatter(a, x: i+1, y: c["a"] / 2, color: c.best)')), [
		'i + 1',
		'c["a"] / 2',
		'c.best',
	]);
	t.deepEqual(titlesOf(await drawn('line(t, x: i * 2, y: rate, color: i > 3)')), [
		'i * 2',
		'rate',
		'i &gt; 3',
	]);
	t.deepEqual(titlesOf(await drawn('bar(t, x: "{i}", y: rate)')).slice(0, 2), ['"{i}"', 'rate']);
	t.deepEqual(titlesOf(await drawn('heatmap(t, x: i - 1, y: i * 2, z: rate)')).slice(0, 2), [
		'i - 1',
		'i * 2',
	]);
});
