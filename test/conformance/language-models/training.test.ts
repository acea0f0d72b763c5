import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { lm } from '../../../stdlib/models/lm.ts';
import { optimizerDefinitions } from '../../../stdlib/training/optimizer.ts';
import { type TrainArgs, train } from '../../../stdlib/training/train.ts';
import { TrainedModel } from '../../../stdlib/training/trained-model.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { testContext } from '../../helpers/run-context.ts';
import { tinyModel } from '../../helpers/tiny-model.ts';
import { here } from './here.ts';
import { askPeer, transformersPython } from './peer.ts';

const STEPS = 20;

/** Texts of 24 bytes and more, so that each is a row of its own. */
const ROWS = [
	['Which town is the capital of France?', 'Paris is.'],
	['And what do they call the one of Italy?', 'Rome'],
	['Tell me the one of Spain, please, if you know.', 'It is Madrid.'],
	['What lies between Spain and France, then?', 'Andorra, in the mountains'],
].map(([prompt, completion]) => ({ prompt, completion }) as { prompt: string; completion: string });

for (const [name, change] of Object.entries({
	Llama: {},
	'GPT-2': {
		norm: { kind: 'layer', epsilon: 1e-5 },
		positions: { kind: 'learned' },
		keyValueHeads: 4,
		activation: 'gelu_tanh',
		gated: false,
		biases: { queryKeyValue: true, output: true, feedForward: true },
	},
} as const))
	test(`${name}: losses and gradient norms of ${STEPS} AdamW steps are PyTorch’s`, async (t) => {
		const python = here(t, transformersPython());
		if (!python) return;
		const folder = tinyModel(change);
		const [rate, clip] = [2e-3, 1];
		const adamw = optimizerDefinitions.find((definition) => definition.name === 'adamw');
		const optimizer = adamw?.run(
			{ rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.1 } as never,
			null as never,
		);
		const settings = { batch: 2, steps: STEPS, shuffle: false, prefetch: 1, seed: 1, clip };
		const args = { model: lm({ model: folder }), on: Data.fromRows(ROWS), optimizer, ...settings };
		const trained = await train(args as TrainArgs, testContext());
		if (!(trained instanceof TrainedModel)) return t.fail('not trained');
		const bytes = (text: string): number[] => [...Buffer.from(text)];
		const pairs = ROWS.map(({ prompt, completion }) => [bytes(prompt), bytes(completion)]);
		const batches = Array.from({ length: STEPS }, (_, i) =>
			i % 2 === 0 ? pairs.slice(0, 2) : pairs.slice(2),
		);
		const file = join(folder, 'batches.json');
		writeFileSync(file, JSON.stringify(batches));
		const theirs = askPeer<[number, number][]>(python, 'peer_training.py', [
			folder,
			file,
			`${rate}`,
			`${clip}`,
		]);
		t.is(trained.history.length, STEPS);
		let most = 0;
		for (const [i, { loss, gradient_norm }] of trained.history.entries()) {
			const [expected, norm] = theirs[i] as [number, number];
			most = Math.max(
				most,
				Math.abs((loss as number) / expected - 1),
				Math.abs((gradient_norm as number) / norm - 1),
			);
		}
		const [first, last] = [theirs[0]?.[0] as number, theirs.at(-1)?.[0] as number];
		t.log(
			`loss ${first.toFixed(3)} to ${last.toFixed(3)}; largest relative difference ${most.toExponential(2)}`,
		);
		t.true(most < 1e-3, `${most}`);
	});
