import test from 'ava';
import { askable } from '../../../../stdlib/models/lm/trained.ts';
import { lm } from '../../../../stdlib/models/lm.ts';
import type { ModelProvider } from '../../../../stdlib/models/provider.ts';
import { pIk, valueHead } from '../../../../stdlib/models/value-head.ts';
import { type TrainArgs, train } from '../../../../stdlib/training/train.ts';
import { TrainedModel } from '../../../../stdlib/training/trained-model.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import type { Estimate } from '../../../../stdlib/values/estimate.ts';
import { testContext } from '../../../helpers/run-context.ts';
import { tinyModel } from '../../../helpers/tiny-model.ts';

const base = lm({ model: tinyModel(), context: 64 });
const never = new AbortController().signal;

/** Of different lengths, so that rows hold one text or several. */
const ROWS = [
	{ prompt: 'Two and two?', completion: 'four', known: 1 },
	{ prompt: 'Who was first?', completion: 'nobody at all', known: 0 },
	{ prompt: 'Sky?', completion: 'blue', known: 0.7 },
	{ prompt: 'Snow, what is it like to touch?', completion: 'cold', known: 0.25 },
];

async function trained(weight: number, change: object = {}): Promise<TrainedModel> {
	const model = valueHead({ model: base, completion_weight: weight });
	const settings = { batch: 4, steps: 100, shuffle: false, prefetch: 0, seed: 1 };
	const args = { model, on: Data.fromRows(ROWS), ...settings, ...change };
	const found = await train(args as unknown as TrainArgs, testContext());
	if (!(found instanceof TrainedModel)) throw new Error('not trained');
	return found;
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Kadavath et al. 2022, section 5: cross-entropy of the share of right samples. */
const lossOf = (p: number, known: number): number => -known * Math.log(p) - (1 - known) * Math.log(1 - p);

const measured = (model: TrainedModel, name: string): Estimate =>
	model.history.findLast((row) => row[name] != null)?.[name] as Estimate;

/** -ln p of all tokens of the completions, asked of the trained model. */
async function completionLoss(model: TrainedModel): Promise<number> {
	const { provider } = askable(model);
	let [sum, tokens] = [0, 0];
	for (const { prompt, completion } of ROWS) {
		const messages = [{ role: 'user' as const, content: prompt }];
		const request = { kind: 'logprob', messages, completion, subjects: [] } as const;
		const found = await (provider as Required<ModelProvider>).logprob(request, never);
		sum -= found.logprob;
		tokens += found.tokens;
	}
	return sum / tokens;
}

test('one network learns what it knows and to answer, and read again tells the same', async (t) => {
	const fit = await trained(1, { steps: 150 });
	for (const { prompt, known } of ROWS) {
		const p = await pIk(fit, prompt);
		t.true(Math.abs(p - known) < 0.1, `${prompt} ${p} ${known}`);
	}
	t.true((await completionLoss(fit)) < 0.1);
	const again = TrainedModel.from(fit.bytes);
	t.is(await pIk(again, 'Sky?'), await pIk(fit, 'Sky?'));
});

test('what is measured is the cross-entropy of the stated probabilities, and of the completions as the model says', async (t) => {
	const fit = await trained(0.5, { steps: 3, evaluate_every: 3 });
	const stated = await Promise.all(ROWS.map(({ prompt }) => pIk(fit, prompt)));
	const of = (term: (p: number, known: number) => number): number =>
		mean(stated.map((p, i) => term(p, ROWS[i]?.known as number)));
	const near = (name: string, expected: number): void => {
		const { value } = measured(fit, name);
		t.true(Math.abs((value as number) - expected) < 1e-4, `${name}: ${value} ${expected}`);
	};
	near('p_ik_loss', of(lossOf));
	near(
		'p_ik_brier',
		of((p, known) => (p - known) ** 2),
	);
	near('cross_entropy', await completionLoss(fit));
	t.is(measured(fit, 'p_ik_loss').n, ROWS.length);
	for (const row of fit.history) {
		const sum = (row.known_loss as number) + 0.5 * (row.completion_loss as number);
		t.true(Math.abs((row.loss as number) - sum) < 1e-5);
	}
});

test('without a weight on completions none are needed', async (t) => {
	const on = Data.fromRows(ROWS.map(({ prompt, known }) => ({ prompt, known })));
	const fit = await trained(0, { on });
	t.true(Math.abs((await pIk(fit, 'Who was first?')) - 0) < 0.1);
	t.false('cross_entropy' in (fit.history.at(-1) ?? {}));
});

test('both means of a step of several batches are those of all their rows', async (t) => {
	const change = {
		steps: 4,
		optimizer: { kind: 'optimizer', rule: 'sgd', rate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 },
	};
	const whole = await trained(0.5, change);
	const added = await trained(0.5, { ...change, batch: 1, accumulate: 4 });
	for (const { prompt } of ROWS) {
		const off = Math.abs((await pIk(added, prompt)) - (await pIk(whole, prompt)));
		t.true(off < 1e-5, `${off}`);
	}
	for (const name of ['loss', 'known_loss', 'completion_loss', 'gradient_norm']) {
		const [a, b] = [whole, added].map(({ history }) => history.at(-1)?.[name] as number) as [number, number];
		t.true(Math.abs(a - b) < 1e-5, `${name}: ${a} ${b}`);
	}
});

test('rows without a probability or a text, and weights that are none, are refused', async (t) => {
	const of = (row: object, weight = 0) => trained(weight, { on: Data.fromRows([row as never]) });
	await t.throwsAsync(of({ prompt: 'a', known: 1.5 }), { message: /row 0 has no probability in `known`/ });
	await t.throwsAsync(of({ prompt: 'a', known: 1, completion: 3 }, 1), {
		message: /row 0 has no text in `completion`/,
	});
	t.throws(() => valueHead({ model: base, completion_weight: -1 }), { message: /completion_weight is -1/ });
});
