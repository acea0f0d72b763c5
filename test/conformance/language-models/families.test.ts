import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openCompute } from '../../../kernel/compute/index.ts';
import { DeviceModel } from '../../../stdlib/models/lm/device-model.ts';
import { openTransformer } from '../../../stdlib/models/lm/open.ts';
import { inOrder, Passes } from '../../../stdlib/models/lm/passes.ts';
import type { TransformerConfig } from '../../../stdlib/nets/transformer/config.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { tinyModel } from '../../helpers/tiny-model.ts';
import { here } from './here.ts';
import { askPeer, transformersPython } from './peer.ts';

const rope = (scaling: Extract<TransformerConfig['positions'], { kind: 'rope' }>['scaling']) =>
	({ positions: { kind: 'rope', base: 500_000, size: 8, scaling } }) as const;

const FAMILIES: Readonly<Record<string, Partial<TransformerConfig>>> = {
	'Llama with grouped queries': {},
	'Llama with a head of its own and as many keys as queries': { tied: false, keyValueHeads: 4 },
	'Llama 3.1’s positions': rope({
		kind: 'llama3',
		factor: 8,
		lowFrequencyFactor: 1,
		highFrequencyFactor: 4,
		originalContext: 64,
	}),
	'positions divided': rope({ kind: 'linear', factor: 4 }),
	'Qwen2 with biases': { biases: { queryKeyValue: true, output: false, feedForward: false } },
	'GPT-2': {
		norm: { kind: 'layer', epsilon: 1e-5 },
		positions: { kind: 'learned' },
		keyValueHeads: 4,
		activation: 'gelu_tanh',
		gated: false,
		biases: { queryKeyValue: true, output: true, feedForward: true },
	},
};

for (const [name, change] of Object.entries(FAMILIES))
	test(`${name}: log-probabilities are those of transformers`, async (t) => {
		const python = here(t, transformersPython());
		if (!python) return;
		const folder = tinyModel(change);
		const stored = await openTransformer(folder);
		const { tf } = await openCompute();
		const model = new DeviceModel(tf, stored.config, stored.weights(), stored.config.context);
		const random = randomStream(1, name);
		const prompts = [1, 7, 64, 65, 300].map((length) => Array.from({ length }, () => random.below(257)));
		const passes = new Passes(model, 2 ** 24);
		const opened = await passes.openPrompts(prompts, () => undefined);
		const [file, out] = [join(folder, 'prompts.json'), join(folder, 'out.bin')];
		writeFileSync(file, JSON.stringify(prompts));
		askPeer(python, 'peer_logprobs.py', [folder, file, out]);
		const bytes = readFileSync(out);
		const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
		let most = 0;
		for (const [i, { remembered, tail }] of opened.entries()) {
			const pass = passes.run([{ remembered, ...inOrder(tail) }]);
			const next = await model.nextTokens(pass.hidden, Int32Array.of(tail.length - 1), Float32Array.of(1));
			const logits = (await next.all.data()) as Float32Array;
			logits.forEach((logit, token) => {
				const expected = theirs[i * 257 + token] as number;
				most = Math.max(most, Math.abs(logit - (next.logTotals[0] as number) - expected));
			});
		}
		t.log(`largest difference ${most.toExponential(2)}`);
		t.true(most < 1e-4, `${most}`);
	});
