import test from 'ava';
import { compileStudy } from '../../../kernel/study/compile.ts';
import { standardLibrary } from '../../../stdlib/index.ts';

async function problems(text: string): Promise<string[]> {
	const { diagnostics } = await compileStudy({ text, path: null, library: standardLibrary, stage: 'check' });
	return diagnostics.map(({ message, span }) => `${text.slice(span.start, span.end)}: ${message}`);
}

test('a layer that does not fit is pointed at, with both shapes', async (t) => {
	t.deepEqual(
		await problems('network n(x: Image[28, 28, 1]) { x |> conv(16, stride: 2) |> relu |> dense(10) }'),
		['dense: `dense` needs a Tensor[n] for `x`, but `x |> conv(16, stride: 2) |> relu` is Image[14, 14, 16]'],
	);
	t.deepEqual(await problems('network n(x: Tensor[100]) { x |> dense(48) |> reshape(4, 4, 4) }'), [
		'reshape: `reshape` needs a Tensor[64] for `x`, but `x |> dense(48)` is Tensor[48]',
	]);
});

test('branches that do not fit are found', async (t) => {
	t.deepEqual(await problems('network n(x: Image[28, 28, 1]) { add(x |> conv(8), x |> conv(4)) }'), [
		'x |> conv(4): `add` needs an Image[28, 28, 8] for `b`, but `x |> conv(4)` is Image[28, 28, 4]',
	]);
	t.deepEqual(
		await problems('network n(x: Image[h, w, c]) { concat(x |> conv(8), x |> conv(4)) |> conv(2) }'),
		[],
	);
	t.is((await problems('network n(x: Image[h, w, 3]) { x |> residual(y => y |> conv(8)) }')).length, 1);
});

test('shapes are inferred through sizes with names', async (t) => {
	const decoder = (channels: number) => `
network enc(x: Image[28, 28, 1]) { x |> conv(8, stride: 2) |> conv(4, stride: 2) }
network dec(z: Image[h, w, 4]) { z |> conv_transpose(8) |> conv_transpose(${channels}) }
model m = autoencoder(enc, dec)`;
	t.deepEqual(await problems(decoder(1)), []);
	t.regex(
		(await problems(decoder(3)))[0] ?? '',
		/^dec: .*Image\[7, 7, 4\] -> Image\[28, 28, 1\].*Image\[4 \* h, 4 \* w, 3\]/,
	);
});

// Output sizes as in the table of Dumoulin & Visin: floor((n + 2p - d(k - 1) - 1) / s) + 1.
test('padding, stride and dilation give the sizes of the arithmetic of convolutions', async (t) => {
	const fits = (layer: string, size: number) =>
		problems(`network n(x: Image[17, 17, 1]) { x |> ${layer} |> flatten |> reshape(${size}, ${size}, 2) }`);
	t.deepEqual(await fits('conv(2, kernel: 3, padding: 0)', 15), []);
	t.deepEqual(await fits('conv(2, kernel: 5, stride: 2, padding: 1)', 8), []);
	t.deepEqual(await fits('conv(2, kernel: 3, dilation: 3, padding: 0)', 11), []);
	t.deepEqual(await fits('conv(2, kernel: 4, stride: 3)', 6), []);
	t.deepEqual(await fits('conv_transpose(2, kernel: 4, stride: 2, padding: 1)', 34), []);
	t.is((await fits('conv(2, kernel: 3, padding: 0)', 17)).length, 1);
});

test('a run is set up with what it can use', async (t) => {
	const run = (settings: string) => `
data digits = mnist()
network n(x: Image[28, 28, 1]) { x |> flatten |> dense(10) }
model m = classifier(n)
train fit { model = m  on = digits.train  ${settings} }`;
	t.deepEqual(
		await problems(run('steps = 10  optimizer = adam((1e-3 to 1e-5) |> cosine(warmup: 0.1))  clip = 1')),
		[],
	);
	t.regex((await problems(run('steps = 10  optimiser = adam(1e-3)')))[0] ?? '', /optimiser/);
	t.regex((await problems(run('steps = 10  optimizer = "adam"')))[0] ?? '', /Optimizer/);
	const reconstruct = `${run('steps = 10')}\neval e { for x in digits.test  y = fit.reconstruct(x.image) }`;
	t.is((await problems(reconstruct)).length, 1, 'a classifier gives no pictures back');
});
