import anyTest, { type TestFn } from 'ava';
import { ANY } from '../../../../dsl/types/type.ts';
import { methodsOf } from '../../../../kernel/jupyter/study/trained-methods.ts';
import { standardLibrary } from '../../../../stdlib/index.ts';
import { resultOf, startKernel } from '../helpers/kernel.ts';

type Started = Awaited<ReturnType<typeof startKernel>>;

const test = anyTest as TestFn<Started>;
const kernel = startKernel();

const STUDY = `%%assay
study "Digits" { seed: 5 }
data digits = mnist()
data few = digits.train |> take(64)
network logits(x: Image[28, 28, 1]) { x |> flatten |> dense(10) }
network encoder(x: Image[h, w, c]) { x |> conv(4, kernel: 4, stride: 2) |> conv(4, kernel: 4, stride: 2) }
network decoder(z: Image[h, w, 4]) { z |> conv_transpose(4, kernel: 4) |> conv_transpose(1, kernel: 4) }
model plain = classifier(logits)
model codes = vqvae(encoder, decoder, codes: 8)
train fit { model = plain  on = few  batch = 16  steps = 20  evaluate = few }
train coder { model = codes  on = few  batch = 16  steps = 3  evaluate = few }
eval seen {
  for x in few |> take(3)
  p = fit.predict(x.image)
  c = coder.codes(x.image)
  y = coder.reconstruct(x.image)
}
table usage = coder.code_usage(on: few)
let fits = {one: fit}
`;

test.before(async (t) => {
	const { client } = await kernel;
	const { reply } = await client.execute(STUDY);
	t.is(reply.content.status, 'ok', JSON.stringify(reply.content));
});

test.beforeEach(async (t) => {
	t.context = await kernel;
});

test.after.always(async () => (await kernel).end());

/** Cells whose value says that TypeScript and the study agree. */
const AGREES: Readonly<Record<string, string>> = {
	predictions: `const rows = [...seen];
const predicted = await Promise.all(rows.map(({ x }) => fit.predict(x.image)));
predicted.every(({ best, probs }, i) => best === rows[i]!.p.best && probs.every((prob, k) => Math.abs(prob - rows[i]!.p.probs[k]!) < 1e-6))`,
	codes:
		'JSON.stringify(await Promise.all([...seen].map(({ x }) => coder.codes(x.image)))) === JSON.stringify([...seen].map(({ c }) => c))',
	images: `const made = await coder.reconstruct(few.row(0).image);
made.data.every((pixel, i) => Math.abs(pixel - seen.row(0).y.data[i]!) < 1e-6) && made.shape.join() === '28,28,1'`,
	'tables, which are data frames': `const frame = await coder.code_usage(few);
frame.column('uses').values.join() === usage.column('uses').values.join() && frame.shape[0] === 8`,
	numbers: '(await coder.bits()) === 49 * Math.log2(8)',
	'models in a record':
		'(await fits.one.predict(few.row(0).image)).best === (await fit.predict(few.row(0).image)).best',
	'tensors of TensorFlow.js': `import * as tf from 'assay/tf';
const { shape, data } = few.row(0).image;
(await fit.predict(tf.tensor(data, [...shape]))).best === (await fit.predict(few.row(0).image)).best`,
};

for (const [what, code] of Object.entries(AGREES))
	test.serial(`a trained model gives the study's own results to TypeScript: ${what}`, async (t) => {
		const answer = await t.context.client.execute(code);
		t.is(resultOf(answer), 'true', JSON.stringify(answer.reply.content));
	});

test.serial('the checker knows which methods a model has, and what they take', async (t) => {
	const { client } = t.context;
	const errorOf = async (code: string) => (await client.execute(code)).reply.content.evalue;
	t.regex(String(await errorOf('fit.codes')), /Property 'codes' does not exist/);
	t.regex(String(await errorOf("fit.predict('text')")), /not assignable to parameter of type 'TensorInput'/);
	t.regex(String(await errorOf("(await fit.history()).column('lost')")), /"lost".* is not assignable/);
	t.is(
		await errorOf('await (fit as any).codes(few.row(0).image)'),
		'fit is a classifier: it has no codes',
		'where types are left behind',
	);
	const { reply } = await client.request('complete_request', { code: 'fit.', cursor_pos: 4 });
	t.deepEqual(reply.content.matches, ['history', 'name', 'parameters', 'predict']);
	const shown = await client.request('inspect_request', { code: 'fit.predict', cursor_pos: 11 });
	t.regex(JSON.stringify(shown.reply.content.data), /The distribution over the classes/);
});

test.serial('a trained model is shown by what it is and how its training ended', async (t) => {
	const { client } = t.context;
	const [first, ...more] = (resultOf(await client.execute('fit')) ?? '').split('\n');
	// 784 × 10 weights and 10 biases.
	t.is(first, 'fit: a classifier with 7,850 weights, trained for 20 steps');
	t.regex(more.join('\n'), /^ *step.*loss.*\n[─ ]+\n(.*\n){4} *20 /);
	t.is(resultOf(await client.execute('[coder.name, coder.parameters > 0]')), "[ 'coder', true ]");
});

test('every method of trained models that calls no language model can be called from TypeScript', (t) => {
	const names = [...standardLibrary.functions.values()]
		.filter(({ name, calls }) => name.startsWith('Trained.') && !calls)
		.map(({ name }) => name.slice('Trained.'.length));
	t.deepEqual(
		methodsOf(ANY).map(({ name }) => name),
		names,
	);
});
