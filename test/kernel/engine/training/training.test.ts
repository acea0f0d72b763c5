import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunEvent } from '../../../../kernel/engine/events.ts';
import { type RunOptions, type RunResult, run } from '../../../../kernel/engine/run.ts';
import { openStore, type Store } from '../../../../kernel/engine/store/store.ts';
import { survey } from '../../../../kernel/engine/survey.ts';
import { compileStudy } from '../../../../kernel/study/compile.ts';
import { standardLibrary } from '../../../../stdlib/index.ts';
import type { TrainedModel } from '../../../../stdlib/training/trained-model.ts';
import { isEstimate } from '../../../../stdlib/values/estimate.ts';
import { isTable, type Table } from '../../../../stdlib/values/table.ts';

const study = (settings: string, more = ''): string => `
study "Digits" { seed: 5 }
data digits = mnist()
data few = digits.train |> take(200)
network logits(x: Image[28, 28, 1]) { x |> flatten |> dropout(0.1) |> dense(16) |> batch_norm |> relu |> dense(10) }
model net = classifier(logits)
train fit { model = net  on = few  batch = 32  ${settings} }
${more}`;

async function planOf(t: ExecutionContext, text: string) {
	const compiled = await compileStudy({ text, path: null, library: standardLibrary });
	t.deepEqual(compiled.diagnostics, []);
	if (!compiled.plan) throw new Error('no plan');
	return compiled.plan;
}

async function runStudy(
	t: ExecutionContext,
	text: string,
	store: Store | null,
	more: Partial<RunOptions> = {},
): Promise<RunResult> {
	return run(await planOf(t, text), { library: standardLibrary, store, ...more });
}

const newStore = (): Store => openStore(join(mkdtempSync(join(tmpdir(), 'assay-training-')), 'store.db'));

const modelOf = (result: RunResult): TrainedModel => result.values.get('fit') as TrainedModel;

const tableOf = (result: RunResult, id: string): Table => {
	const table = result.values.get(id);
	if (!isTable(table)) throw new Error(`${id} is no table: ${JSON.stringify(result.failures)}`);
	return table;
};

test('a classifier learns real digits, its history says how, and it is trained once', async (t) => {
	const text = study(
		'optimizer = adam(0.01)  steps = 120  evaluate = digits.test |> take(300)',
		`table history = fit.history()
eval tested { for x in digits.test |> take(300)  p = fit.predict(x.image)  correct = p.best == "{x.label}" }
table result = from tested { accuracy = mean(correct) }`,
	);
	const store = newStore();
	const first = await runStudy(t, text, store);
	t.deepEqual(first.failures, []);
	const accuracy = tableOf(first, 'result').rows[0]?.accuracy;
	if (!isEstimate(accuracy)) return t.fail('no estimate');
	t.true((accuracy.value as number) > 0.6, `accuracy ${accuracy.value}, where guessing has 0.1`);
	const lines = tableOf(first, 'history').rows;
	t.is(lines.at(-1)?.step, 120);
	t.true((lines.at(-1)?.loss as number) < (lines[0]?.loss as number) / 2);
	// The history's last measurement and the eval look at the same rows with the same model.
	const measured = lines.at(-1)?.eval_accuracy;
	t.true(isEstimate(measured) && measured.value === accuracy.value && measured.n === 300);
	const again = await runStudy(t, text, store);
	t.true(again.summary.steps.every(({ status }) => status === 'kept'));
	const edited = text.replace('mean(correct)', 'mean(correct) ± normal(0.9)');
	const third = await runStudy(t, edited, store);
	t.is(third.summary.steps.find(({ id }) => id === 'fit')?.status, 'kept', 'a new table trains nothing');
	t.deepEqual(store.verify(), []);
	store.gc();
	t.is(modelOf(await runStudy(t, text, store)).sha256, modelOf(first).sha256, 'gc keeps the weights');
	store.close();
});

test('an interrupted training goes on where it was, to the same numbers bit for bit', async (t) => {
	const text = study(
		'optimizer = adamw(0.01 to 0.001)  steps = 40  checkpoint_every = 7  augment = [random_shift(1)]',
	);
	const whole = await runStudy(t, text, null);
	t.deepEqual(whole.failures, []);
	const store = newStore();
	const abort = new AbortController();
	const cut = await runStudy(t, text, store, {
		signal: abort.signal,
		onEvent: (event) => {
			if (event.type === 'training' && event.at >= 17) abort.abort();
		},
	});
	t.is(cut.outcome, 'interrupted');
	t.false(cut.values.has('fit'));
	const events: RunEvent[] = [];
	const resumed = await runStudy(t, text, store, { onEvent: (event) => events.push(event) });
	t.true(
		events.some(
			(event) => event.type === 'notice' && /goes on after step (1[7-9]|[2-3]\d)/.test(event.message),
		),
		JSON.stringify(events.filter(({ type }) => type === 'notice')),
	);
	t.is(modelOf(resumed).sha256, modelOf(whole).sha256);
	store.close();
});

test('the same study has the same weights, another seed has others', async (t) => {
	const text = study('steps = 5');
	const [a, b] = [await runStudy(t, text, null), await runStudy(t, text, null)];
	t.is(modelOf(a).sha256, modelOf(b).sha256);
	const other = await runStudy(t, text.replace('seed: 5', 'seed: 6'), null);
	t.not(modelOf(other).sha256, modelOf(a).sha256);
});

test('a loss that is not a number ends the training with the step, the layer and the last good checkpoint', async (t) => {
	const text = study('optimizer = sgd(1e30)  steps = 50  checkpoint_every = 1').replace('|> batch_norm ', '');
	const result = await runStudy(t, text, newStore());
	t.is(result.outcome, 'failed');
	const failure = result.failures.find(({ step }) => step === 'fit');
	t.regex(
		failure?.message ?? '',
		/^the loss is not a number at step \d+: it begins in the (layer network\/\w+|weight network\/\S+|loss itself.*|gradient of \S+); the last good checkpoint is (the start|of step \d+)$/,
	);
	t.regex(failure?.help ?? '', /lower the learning rate/);
});

test('a device that does not exist is an error that names those that do', async (t) => {
	const result = await runStudy(t, study('steps = 5  device = "abacus"'), null);
	const failure = result.failures.find(({ step }) => step === 'fit');
	t.is(failure?.message, 'there is no device "abacus"');
	t.regex(failure?.help ?? '', /wasm/);
});

test('early stopping ends a run that gets no better and goes back to the best weights', async (t) => {
	const text = study('optimizer = sgd(0)  steps = 100  evaluate_every = 5  patience = 2').replace(
		'|> batch_norm ',
		'',
	);
	const result = await runStudy(t, text, null);
	t.deepEqual(result.failures, []);
	// The first measurement is the best for ever; two more without a better one end it.
	t.is(modelOf(result).history.at(-1)?.step, 15);
});

test('a plan tells the layers of what would be trained, and trains nothing', async (t) => {
	const text = study('steps = 1000', 'table history = fit.history()');
	const found = await survey(await planOf(t, text), { library: standardLibrary, store: null });
	const training = found.steps.find(({ id }) => id === 'fit')?.training;
	// By hand: 784 × 16 + 16, twice 16 for the norm, 16 × 10 + 10.
	t.is(training?.parameters, 12560 + 32 + 170);
	t.is(training?.epochs, 160);
	const { memory, operations } = training?.needs ?? {};
	// Adam's two accumulators, and a step's new values of those and of the weights; each learned number has 4 bytes.
	t.is(memory?.gradients, 4 * (12560 + 32 + 170));
	t.is(memory?.optimizer, 4 * 5 * (12560 + 32 + 170));
	// Products with the two kernels and the norm in three passes an example and step, once where it is measured.
	const forward = training?.layers.at(-1)?.operations ?? 0;
	t.true(forward >= 2 * (784 * 16 + 16 * 10));
	t.is(operations, forward * (3 * 1000 * 32 + 10 * 200));
	t.true((training?.seconds ?? 0) > 0);
	t.deepEqual(
		training?.layers.map(({ layer, output }) => `${layer} ${output}`.trim()),
		[
			'network/input_1 Image[28, 28, 1]',
			'network/flatten_1 Tensor[784]',
			'network/dropout_1 Tensor[784]',
			'network/dense_1 Tensor[16]',
			'network/batch_norm_1 Tensor[16]',
			'network/relu_1 Tensor[16]',
			'network/dense_2 Tensor[10]',
			'total',
		],
	);
	t.true(found.steps.every(({ problem }) => problem === null));
});

test('the codes of a codebook are parameters, whichever way they are learned', async (t) => {
	const parametersOf = async (settings: string) => {
		const found = await survey(await planOf(t, vq(settings)), { library: standardLibrary, store: null });
		return found.steps.find(({ id }) => id === 'fit')?.training?.parameters as number;
	};
	const gradient = 'quantizer: straight_through(codebook: "gradient")';
	t.is((await parametersOf('codes: 32')) - (await parametersOf('codes: 16')), 16 * 4);
	t.is(await parametersOf('codes: 32'), await parametersOf(`codes: 32, ${gradient}`));
});

test('a plan says where a network and the data do not fit', async (t) => {
	const text = study('steps = 10').replace('mnist()', 'mnist(size: [20, 20])');
	const found = await survey(await planOf(t, text), { library: standardLibrary, store: null });
	const problem = found.steps.find(({ id }) => id === 'fit')?.problem;
	t.is(problem?.message, 'the network takes Image[28, 28, 1], but is given Image[20, 20, 1]');
});

test('a layer that does not fit the sizes of the data is pointed at', async (t) => {
	const text = study('steps = 10')
		.replace('mnist()', 'mnist(size: [4, 4])')
		.replace(
			'x: Image[28, 28, 1]) { x',
			'x: Image[h, w, c]) { x |> pool(2) |> pool(2) |> conv(3, padding: 0)',
		);
	const found = await survey(await planOf(t, text), { library: standardLibrary, store: null });
	const problem = found.steps.find(({ id }) => id === 'fit')?.problem;
	t.is(problem?.message, 'conv leaves nothing of Image[1, 1, 1]: the result would be Image[-1, -1, 3]');
	t.true(
		problem?.span !== null &&
			text.slice(...(problem?.span as [number, number])).includes('conv(3, padding: 0)'),
	);
});

const vq = (settings: string, more = ''): string => `
study "Codes" { seed: 1 }
data digits = mnist(size: [8, 8])
data few = digits.train |> take(128)
network enc(x: Image[h, w, c]) { x |> conv(8, stride: 2) |> relu |> conv(4, stride: 2) }
network dec(z: Image[h, w, 4]) { z |> conv_transpose(8) |> relu |> conv_transpose(1) }
model codes = vqvae(enc, dec, ${settings})
train fit { model = codes  on = few  batch = 32  steps = 30  optimizer = adam(0.01) }
table history = fit.history()
${more}`;

for (const settings of [
	'codes: 16',
	'codes: 16, quantizer: straight_through(codebook: "gradient")',
	'codes: 16, quantizer: gumbel(temperature: 0.66 to 0.1)',
]) {
	test(`a vqvae with ${settings} learns, and its history has the codebook's use`, async (t) => {
		const more = `table usage = fit.code_usage(on: few)
eval recon { for x in few |> take(5)  y = fit.reconstruct(x.image)  codes = fit.codes(x.image)  error = mse(x.image, y) }
table result = from recon { distortion = mean(error)  bits = fit.bits() }`;
		const result = await runStudy(t, vq(settings, more), null);
		t.deepEqual(result.failures, []);
		const [first, last] = [tableOf(result, 'history').rows[0], tableOf(result, 'history').rows.at(-1)];
		t.true((last?.reconstruction as number) < (first?.reconstruction as number));
		const { rows } = tableOf(result, 'usage');
		t.is(
			rows.reduce((sum, row) => sum + (row.uses as number), 0),
			128 * 4,
			'2 × 2 codes an image',
		);
		t.is(tableOf(result, 'result').rows[0]?.bits, 4 * Math.log2(16));
		// Perplexity from the table of uses, by its definition.
		const entropy = rows.reduce(
			(sum, { share }) => sum - (share === 0 ? 0 : (share as number) * Math.log(share as number)),
			0,
		);
		t.true(Math.abs((last?.perplexity as number) - Math.exp(entropy)) < 1e-9);
		t.is(last?.dead_codes, rows.filter(({ uses }) => uses === 0).length);
		t.true(Math.abs((last?.bits_per_pixel as number) - (4 * (entropy / Math.LN2)) / 64) < 1e-9);
	});
}

test('a collapsed codebook is said beside every result of the model', async (t) => {
	// One digit a hundred times: whatever the encoder does, there is little to tell apart.
	const text = vq('codes: 256, revive: 0', 'table usage = fit.code_usage(on: few)').replace(
		'take(128)',
		'take(1)',
	);
	const result = await runStudy(t, text.replace('batch = 32', 'batch = 1'), null);
	t.deepEqual(result.failures, []);
	for (const id of ['history', 'usage'])
		t.true(
			tableOf(result, id).notices.some((notice) =>
				/codebook has collapsed: of 256 codes \d are used/.test(notice),
			),
			JSON.stringify(tableOf(result, id).notices),
		);
});
