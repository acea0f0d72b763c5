import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadRuntime } from '../../../stdlib/models/llama-runtime.ts';
import { lm } from '../../../stdlib/models/lm.ts';
import type { ModelProvider } from '../../../stdlib/models/provider.ts';
import { writeSinglePrecision } from '../../helpers/single-precision-gguf.ts';
import { smallModel } from '../servers.ts';
import { here } from './here.ts';

const TEXTS = [
	'The quick brown fox jumps over the lazy dog, twice.',
	'Schnee fällt auf den Berg. 🏔️',
	'A much longer text, of several sentences. It goes on and on about nothing in particular; then it ends, as texts do.',
];

/** llama.cpp's number of the mean over tokens; without it, it gives the last token's state. */
const MEAN = { 'llama.pooling_type': 1 };

test('embed is the mean of the states that llama.cpp gives where a file asks for the mean, on the same numbers', async (t) => {
	const from = here(t, await smallModel());
	if (!from) return;
	const folder = mkdtempSync(join(tmpdir(), 'assay-embed-'));
	try {
		const path = join(folder, 'mean.gguf');
		await writeSinglePrecision(from, path, MEAN);
		const { provider } = lm({ model: from });
		const { llama } = await loadRuntime();
		const model = await llama.loadModel({ modelPath: path });
		const context = await model.createEmbeddingContext({ contextSize: 512 });
		const signal = new AbortController().signal;
		for (const text of TEXTS) {
			const ours = await (provider as Required<ModelProvider>).embed({ kind: 'embed', text }, signal);
			const theirs = (await context.getEmbeddingFor(model.tokenize(text, false))).vector;
			const largest = Math.max(...theirs.map(Math.abs));
			const off = Math.max(...ours.vector.map((x, i) => Math.abs(x - (theirs[i] as number))));
			t.log(
				`${ours.usage.inputTokens} tokens: largest difference ${off.toExponential(1)} of ${largest.toFixed(1)}`,
			);
			// Its cache of keys and values is in half precision.
			t.true(off < 2e-3 * largest, `${off} of ${largest}`);
		}
		await context.dispose();
		await model.dispose();
		await provider.close?.();
	} finally {
		rmSync(folder, { recursive: true });
	}
});
