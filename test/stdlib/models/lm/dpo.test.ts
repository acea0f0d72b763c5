import test from 'ava';
import { dpo } from '../../../../stdlib/models/dpo.ts';
import type { LanguageModelHandle } from '../../../../stdlib/models/lm/trainable.ts';
import { askable } from '../../../../stdlib/models/lm/trained.ts';
import { lm } from '../../../../stdlib/models/lm.ts';
import { lora } from '../../../../stdlib/models/lora.ts';
import type { ModelProvider } from '../../../../stdlib/models/provider.ts';
import { type TrainArgs, train } from '../../../../stdlib/training/train.ts';
import { TrainedModel } from '../../../../stdlib/training/trained-model.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import type { Estimate } from '../../../../stdlib/values/estimate.ts';
import type { ModelHandle } from '../../../../stdlib/values/model.ts';
import { testContext } from '../../../helpers/run-context.ts';
import { tinyModel } from '../../../helpers/tiny-model.ts';

const BETA = 0.3;
const base = lm({ model: tinyModel(), context: 64 });
const never = new AbortController().signal;

const PAIRS = [
	{ prompt: 'Who are you?', chosen: 'a friend', rejected: 'go away', preferred: 1 },
	{ prompt: 'What time is it?', chosen: 'noon', rejected: 'no idea', preferred: 0.8 },
];

async function trained(model: LanguageModelHandle, steps: number): Promise<TrainedModel> {
	const settings = { batch: 2, steps, shuffle: false, prefetch: 0, seed: 1, evaluate_every: steps };
	const args = { model: dpo({ model, beta: BETA }), on: Data.fromRows(PAIRS), ...settings };
	const found = await train(args as TrainArgs, testContext());
	if (!(found instanceof TrainedModel)) throw new Error('not trained');
	return found;
}

async function logprob(
	model: ModelHandle | TrainedModel,
	prompt: string,
	completion: string,
): Promise<number> {
	const { provider } = askable(model);
	const messages = [{ role: 'user' as const, content: prompt }];
	const { logprob: ask } = provider as Required<ModelProvider>;
	return (await ask.call(provider, { kind: 'logprob', messages, completion, subjects: [] }, never)).logprob;
}

/** Equation 7 with soft labels, of log-probabilities that both models are asked for. */
async function lossOf(model: TrainedModel): Promise<number> {
	let sum = 0;
	for (const { prompt, chosen, rejected, preferred } of PAIRS) {
		const gain = async (text: string) =>
			(await logprob(model, prompt, text)) - (await logprob(base, prompt, text));
		const h = BETA * ((await gain(chosen)) - (await gain(rejected)));
		sum += preferred * Math.log1p(Math.exp(-h)) + (1 - preferred) * Math.log1p(Math.exp(h));
	}
	return sum / PAIRS.length;
}

for (const [name, model] of [
	['all weights', base],
	['adapters', lora({ model: base, rank: 4, alpha: 16 })],
] as const)
	test(`${name}: the loss that is measured is that of the models before and after, and it falls`, async (t) => {
		const fit = await trained(model, 30);
		const measured = (fit.history.at(-1)?.preference_loss as Estimate).value as number;
		const asked = await lossOf(fit);
		t.true(Math.abs(measured - asked) < 1e-4, `${measured} ${asked}`);
		t.true(measured < Math.LN2 - 0.05, `${measured}, where nothing learned has ln 2`);
		const [before, after] = [base, fit].map(
			async (of) =>
				(await logprob(of, 'Who are you?', 'a friend')) - (await logprob(of, 'Who are you?', 'go away')),
		);
		t.true(((await after) as number) > ((await before) as number));
	});

test('until it is trained the model answers as it did', async (t) => {
	const model = dpo({ model: base, beta: BETA });
	t.is(await logprob(model, 'Who are you?', 'a friend'), await logprob(base, 'Who are you?', 'a friend'));
	t.throws(() => dpo({ model: base, beta: 0 }), { message: /beta is 0/ });
});
