import test from 'ava';
import { lm } from '../../../../stdlib/models/lm.ts';
import { preferenceModel, reward } from '../../../../stdlib/models/preference-model.ts';
import { type TrainArgs, train } from '../../../../stdlib/training/train.ts';
import { TrainedModel } from '../../../../stdlib/training/trained-model.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import type { Estimate } from '../../../../stdlib/values/estimate.ts';
import { testContext } from '../../../helpers/run-context.ts';
import { tinyModel } from '../../../helpers/tiny-model.ts';

const base = lm({ model: tinyModel(), context: 64 });

const trained = async (rows: readonly Record<string, unknown>[], steps: number): Promise<TrainedModel> => {
	const settings = { batch: rows.length, steps, shuffle: false, prefetch: 0, seed: 1, evaluate_every: steps };
	const args = { model: preferenceModel({ model: base }), on: Data.fromRows(rows), ...settings };
	const found = await train(args as TrainArgs, testContext());
	if (!(found instanceof TrainedModel)) throw new Error('not trained');
	return found;
};

const polite = ['What time is it?', 'Where is the sea?', 'Who are you?'].map((prompt) => ({
	prompt,
	chosen: 'please wait a moment',
	rejected: 'go away',
}));

test('a preference model gives the preferred text the higher reward, and read again the same', async (t) => {
	const pm = await trained(polite, 60);
	for (const { prompt, chosen, rejected } of polite)
		t.true((await reward(pm, prompt, chosen)) > (await reward(pm, prompt, rejected)) + 2);
	const measured = pm.history.at(-1)?.eval_accuracy as Estimate;
	t.is(measured.value, 1);
	const again = TrainedModel.from(pm.bytes);
	t.is(await reward(again, 'Who are you?', 'go away'), await reward(pm, 'Who are you?', 'go away'));
});

test('the loss that is measured is the mean of -ln σ(r chosen - r rejected)', async (t) => {
	const pm = await trained(polite, 2);
	const losses = await Promise.all(
		polite.map(async ({ prompt, chosen, rejected }) => {
			const margin = (await reward(pm, prompt, chosen)) - (await reward(pm, prompt, rejected));
			return Math.log1p(Math.exp(-margin));
		}),
	);
	const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
	const measured = pm.history.at(-1)?.preference_loss as Estimate;
	t.true(Math.abs((measured.value as number) - mean) < 1e-5, `${measured.value} ${mean}`);
});

test('with soft labels the difference of rewards goes to their log-odds', async (t) => {
	const pm = await trained([{ prompt: 'Tea?', chosen: 'yes', rejected: 'no', preferred: 0.8 }], 200);
	const margin = (await reward(pm, 'Tea?', 'yes')) - (await reward(pm, 'Tea?', 'no'));
	t.true(Math.abs(margin - Math.log(0.8 / 0.2)) < 0.05, `${margin}`);
});

test('a label that is no probability is refused with its row', async (t) => {
	const row = { prompt: 'Tea?', chosen: 'yes', rejected: 'no', preferred: 1.5 };
	await t.throwsAsync(trained([row], 1), { message: /row 0 has no probability in `preferred`/ });
});
