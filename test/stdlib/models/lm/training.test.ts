import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { RunContext } from '../../../../stdlib/context.ts';
import { askable } from '../../../../stdlib/models/lm/trained.ts';
import { packedRows, rowLength } from '../../../../stdlib/models/lm/training-rows.ts';
import { lm } from '../../../../stdlib/models/lm.ts';
import { lora } from '../../../../stdlib/models/lora.ts';
import type { ModelProvider } from '../../../../stdlib/models/provider.ts';
import { transformer } from '../../../../stdlib/models/transformer.ts';
import { optimizerDefinitions } from '../../../../stdlib/training/optimizer.ts';
import { train } from '../../../../stdlib/training/train.ts';
import { TrainedModel } from '../../../../stdlib/training/trained-model.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import type { Estimate } from '../../../../stdlib/values/estimate.ts';
import type { ModelHandle } from '../../../../stdlib/values/model.ts';
import type { TensorValue } from '../../../../stdlib/values/tensor.ts';
import { testContext } from '../../../helpers/run-context.ts';
import { tinyModel } from '../../../helpers/tiny-model.ts';

const never = new AbortController().signal;
const folder = tinyModel();
const base = () => lm({ model: folder, context: 128 });

const ending = tinyModel();
writeFileSync(join(ending, 'tokenizer_config.json'), JSON.stringify({ eos_token: '<|end|>' }));
/** The same model with a token that ends a text. */
const ends = () => lm({ model: ending, context: 128 });

const FACTS = Data.fromRows(
	[
		['What is the sky?', 'blue'],
		['What is grass?', 'green'],
		['Snow?', 'white'],
		['And coal, what is that?', 'black'],
	].map(([prompt, completion]) => ({ prompt, completion })),
);

const adamw = (rate: number) => {
	const definition = optimizerDefinitions.find(({ name }) => name === 'adamw');
	return definition?.run(
		{ rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.01 } as never,
		null as never,
	) as never;
};

async function trained(
	model: ReturnType<typeof base>,
	change: object = {},
	context: object = {},
): Promise<TrainedModel> {
	const settings = {
		optimizer: adamw(3e-3),
		batch: 2,
		shuffle: true,
		prefetch: 1,
		seed: 1,
		clip: 1,
		steps: 120,
	};
	const found = await train({ model, on: FACTS, ...settings, ...change }, testContext(context) as RunContext);
	if (!(found instanceof TrainedModel)) throw new Error('not trained');
	return found;
}

const asked = async (model: ModelHandle | TrainedModel, prompt: string): Promise<string> => {
	const { sample } = askable(model).provider as Required<ModelProvider>;
	const request = {
		kind: 'sample',
		temperature: 0,
		topP: 1,
		maxTokens: 12,
		stop: [],
		seed: 1,
		subjects: [],
	} as const;
	const { provider } = askable(model);
	const found = await sample.call(
		provider,
		{ ...request, messages: [{ role: 'user', content: prompt }] },
		never,
	);
	return found.text;
};

/** Mean of -ln p over the tokens of all completions, asked of the model one by one; the end is a token as well. */
async function crossEntropy(model: ModelHandle | TrainedModel): Promise<number> {
	const { provider } = askable(model);
	const { logprob } = provider as Required<ModelProvider>;
	let [sum, tokens] = [0, 0];
	for (let row = 0; row < FACTS.length; row++) {
		const { prompt, completion } = FACTS.row(row) as { prompt: string; completion: string };
		const messages = [{ role: 'user' as const, content: prompt }];
		const found = await logprob.call(
			provider,
			{ kind: 'logprob', messages, completion, subjects: [] },
			never,
		);
		sum -= found.logprob;
		tokens += found.tokens;
	}
	return sum / tokens;
}

const lastMeasure = ({ history }: TrainedModel): Estimate =>
	history.findLast((row) => row.cross_entropy != null)?.cross_entropy as Estimate;

test('texts are packed in their order, each token labelled with the next, prompts and what is over not learned', (t) => {
	const texts = [
		{ prompt: [1, 2], completion: [3, 4] },
		{ prompt: [5], completion: [6] },
		{ prompt: Array.from({ length: 14 }, () => 7), completion: [8] },
	];
	t.is(rowLength(texts, 100), 16);
	const rows = packedRows(texts, 16);
	t.is(rows.length, 2);
	const column = (name: string) => [...(rows.column(name).get(0) as TensorValue).data].slice(0, 6);
	t.deepEqual(column('tokens'), [1, 2, 3, 5, 0, 0]);
	t.deepEqual(column('labels'), [2, 3, 4, 6, 0, 0]);
	t.deepEqual(column('weights'), [0, 1, 1, 1, 0, 0]);
	t.deepEqual(column('segments'), [1, 1, 1, 2, 0, 0]);
	t.deepEqual(column('positions'), [0, 1, 2, 0, 0, 0]);
	t.throws(() => rowLength(texts, 10), {
		message: /row 2 has 15 tokens, more than the model's context of 10/,
	});
});

test('a model that was trained writes the completions and ends there, and asked again it is the same', async (t) => {
	const before = await crossEntropy(ends());
	const fit = await trained(ends());
	t.is(await asked(fit, 'What is the sky?'), 'blue');
	t.is(await asked(fit, 'Snow?'), 'white');
	t.true((await crossEntropy(fit)) < before / 10);
	t.is(await asked(TrainedModel.from(fit.bytes), 'What is grass?'), 'green');
	t.is((await trained(ends())).sha256, fit.sha256, 'the same run makes the same model');
	t.not(askable(fit).provider.identity.revision, ends().provider.identity.revision);
});

test('what is measured over packed rows is what the model says of each text alone', async (t) => {
	// A byte is a token, and the tiny model has no token that ends a text.
	const fit = await trained(base(), { steps: 3, evaluate_every: 3 });
	const measured = lastMeasure(fit);
	t.is(measured.n, 'bluegreenwhiteblack'.length);
	const alone = await crossEntropy(fit);
	t.true(Math.abs((measured.value as number) - alone) < 1e-4, `${measured.value} ${alone}`);
});

test('gradients of several batches make the update of one with all their rows, each token counting alike', async (t) => {
	const on = Data.fromRows([
		{ prompt: 'What is the sky?', completion: 'blue' },
		{ prompt: 'A?', completion: 'a long answer of many' },
		{ prompt: 'And coal, what is that?', completion: 'k' },
		{ prompt: 'Snow, what is that like?', completion: 'white' },
	]);
	const sgd = optimizerDefinitions.find(({ name }) => name === 'sgd');
	const optimizer = sgd?.run(
		{ rate: 0.5, momentum: 0.9, nesterov: false, weight_decay: 0 } as never,
		null as never,
	);
	const settings = { on, optimizer, steps: 5, clip: 0.7 };
	const whole = await trained(base(), { ...settings, batch: 4 });
	const added = await trained(base(), { ...settings, batch: 1, accumulate: 4 });
	const uneven = await trained(base(), { ...settings, batch: 3, accumulate: 2 });
	const start = await base().start();
	for (const found of [added, uneven])
		for (const [name, { data }] of whole.weights) {
			const [made, before] = [found.weights.get(name)?.data, start.get(name)?.data];
			data.forEach((value, i) => {
				const moved = Math.abs(value - (before?.[i] as number));
				const off = Math.abs(value - (made?.[i] as number));
				// Singles keep 24 bits, and five steps of sums in another order lose a few of them.
				if (off > 2e-6 + 1e-4 * moved) t.fail(`${name}[${i}] is ${off} off after moving ${moved}`);
			});
		}
	const column = (model: TrainedModel, name: string) => model.history.map((row) => row[name] as number);
	t.deepEqual(column(added, 'tokens'), column(whole, 'tokens'));
	t.is(column(whole, 'tokens')[0], 'bluea long answer of manykwhite'.length);
	for (const name of ['loss', 'gradient_norm'])
		column(whole, name).forEach((value, i) => {
			t.true(Math.abs(value - (column(added, name)[i] as number)) < 1e-5, name);
		});
	t.is(column(added, 'epoch').at(-1), 5, 'a step takes the rows of all its batches');
});

test('adapters learn while the weights beside them stay as they are', async (t) => {
	const model = lora({ model: base(), rank: 4, alpha: 8 });
	t.true(Math.abs((await crossEntropy(model)) - (await crossEntropy(base()))) < 1e-6);
	const fit = await trained(model, { optimizer: adamw(2e-2), steps: 60, evaluate_every: 60 });
	const start = await base().start();
	for (const [name, { data }] of start) t.deepEqual(fit.weights.get(name)?.data, data, name);
	t.is(fit.parameters, 2 * (4 * (32 + 32) + 4 * (32 + 16)));
	const measured = lastMeasure(fit).value as number;
	const [alone, before] = [await crossEntropy(fit), await crossEntropy(base())];
	t.true(Math.abs(measured - alone) < 1e-4, `merged: ${alone}, beside: ${measured}`);
	t.true(alone < 0.7 * before, `${alone} ${before}`);
});

test('a checkpoint holds what is trained, and a run that goes on from it makes the same model', async (t) => {
	const model = () => lora({ model: base(), rank: 2, alpha: 4 });
	const settings = { steps: 12, checkpoint_every: 4, evaluate_every: 12 };
	const whole = await trained(model(), settings);
	const written: Uint8Array[] = [];
	const checkpoint = {
		read: () => written.at(-1) ?? null,
		write(bytes: Uint8Array) {
			written.push(bytes);
			if (written.length === 3) throw new Error('killed');
		},
	};
	const training = { name: 'fit', checkpoint };
	await t.throwsAsync(trained(model(), settings, { training }), { message: 'killed' });
	t.true((written.at(-1)?.length ?? 0) < whole.bytes.length / 2);
	const resumed = await trained(model(), settings, { training });
	for (const [name, { data }] of whole.weights) t.deepEqual(resumed.weights.get(name)?.data, data, name);
});

test('a row without a text is refused with its number', async (t) => {
	const on = Data.fromRows([
		{ prompt: 'a', completion: 'b' },
		{ prompt: 'a', completion: 3 },
	]);
	await t.throwsAsync(trained(base(), { on }), { message: /row 1 has no text in `completion`/ });
});

test('a transformer that nobody trained learns to spell, and is said to be untrained before', async (t) => {
	const model = transformer({ layers: 2, width: 32, heads: 2, context: 64, seed: 3 });
	t.is(model.provider.parameters, 257 * 32 + 2 * (4 * 32 * 32 + 3 * 32 * 96 + 2 * 32) + 32);
	t.regex(model.provider.notice ?? '', /^untrained: tiny model/);
	const uniform = Math.log(257);
	t.true(Math.abs((await crossEntropy(model)) - uniform) < 0.1, 'all bytes are about as likely');
	const fit = await trained(model, { optimizer: adamw(1e-2), steps: 80 });
	t.is(await asked(fit, 'What is grass?'), 'green');
	t.is(
		(
			await trained(transformer({ layers: 2, width: 32, heads: 2, context: 64, seed: 3 }), {
				optimizer: adamw(1e-2),
				steps: 80,
			})
		).sha256,
		fit.sha256,
	);
	t.throws(() => transformer({ layers: 2, width: 30, heads: 4, context: 64, seed: 0 }), {
		message: /4 heads cannot share a width of 30/,
	});
});
