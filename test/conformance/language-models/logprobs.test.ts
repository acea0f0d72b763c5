import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openCompute } from '../../../kernel/compute/index.ts';
import { loadRuntime } from '../../../stdlib/models/llama-runtime.ts';
import { DeviceModel } from '../../../stdlib/models/lm/device-model.ts';
import { openTransformer } from '../../../stdlib/models/lm/open.ts';
import { inOrder, Passes } from '../../../stdlib/models/lm/passes.ts';
import { Tokenizer } from '../../../stdlib/models/lm/tokenizer.ts';
import type { WeightValues } from '../../../stdlib/nets/weights.ts';
import { writeHuggingFace } from '../../helpers/hugging-face-model.ts';
import { smallModel } from '../servers.ts';
import { here } from './here.ts';
import { askPeer, transformersPython } from './peer.ts';
import { realLines } from './real-lines.ts';

const PROMPTS = 50;
const LONGEST = 1024;

interface Measured {
	readonly vocabulary: number;
	readonly prompts: readonly (readonly number[])[];
	/** ln p of every next token, by prompt. */
	readonly logprobs: readonly Float32Array[];
	readonly weights: WeightValues;
}

let measured: Promise<Measured> | null = null;

/** Prompts of 1 to 1,024 tokens of real text, and what comes out of the decoder after them. */
async function measure(path: string, lines: readonly string[]): Promise<Measured> {
	const stored = await openTransformer(path);
	const weights = new Map(stored.weights());
	stored.close();
	const { tf } = await openCompute();
	const model = new DeviceModel(tf, stored.config, weights, 2 * LONGEST);
	const tokens = new Tokenizer(stored.tokenizer).encode(lines.slice(20).join('\n'), false);
	const prompts = Array.from({ length: PROMPTS }, (_, i) => {
		const length = Math.max(1, Math.round(LONGEST ** (i / (PROMPTS - 1))));
		return tokens.slice(i * 500, i * 500 + length);
	});
	const passes = new Passes(model, 2 ** 30);
	const opened = await passes.openPrompts(prompts, () => undefined);
	const logprobs: Float32Array[] = [];
	for (const { remembered, tail } of opened) {
		const pass = passes.run([{ remembered, ...inOrder(tail) }]);
		const next = await model.nextTokens(pass.hidden, Int32Array.of(tail.length - 1), Float32Array.of(1));
		const total = next.logTotals[0] as number;
		logprobs.push(((await next.all.data()) as Float32Array).map((logit) => logit - total));
		tf.dispose([pass.hidden, ...pass.states, next.all]);
	}
	model.dispose();
	return { vocabulary: stored.config.vocabulary, prompts, logprobs, weights };
}

async function ours(t: ExecutionContext): Promise<(Measured & { readonly path: string }) | null> {
	const path = here(t, await smallModel());
	const lines = path && here(t, realLines(2_000));
	if (!path || !lines) return null;
	measured ??= measure(path, lines);
	return { path, ...(await measured) };
}

const largest = (a: Float32Array, b: ArrayLike<number>): number =>
	a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

test('next-token log-probabilities are those of Hugging Face’s transformers on the same weights', async (t) => {
	const found = await ours(t);
	const python = found && here(t, transformersPython());
	if (!found || !python) return;
	const stored = await openTransformer(found.path);
	stored.close();
	const folder = mkdtempSync(join(tmpdir(), 'assay-agreement-'));
	const [prompts, out] = [join(folder, 'prompts.json'), join(folder, 'out.bin')];
	try {
		writeHuggingFace(folder, stored.config, found.weights, stored.tokenizer.json);
		writeFileSync(prompts, JSON.stringify(found.prompts));
		askPeer(python, 'peer_logprobs.py', [folder, prompts, out]);
		const bytes = readFileSync(out);
		const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
		const differences = found.logprobs.map((row, i) =>
			largest(row, theirs.subarray(i * found.vocabulary, (i + 1) * found.vocabulary)),
		);
		const most = Math.max(...differences);
		t.log(
			`${PROMPTS} prompts of 1 to ${LONGEST} tokens, all ${found.vocabulary} next tokens: largest difference ${most.toExponential(2)}`,
		);
		t.true(most < 1e-3, `${most}`);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('next-token log-probabilities are near those of llama.cpp on the same file', async (t) => {
	const found = await ours(t);
	if (!found) return;
	const { llama } = await loadRuntime();
	const model = await llama.loadModel({ modelPath: found.path });
	const context = await model.createContext({ contextSize: 2048, sequences: 1, batchSize: 512, threads: 2 });
	const sequence = context.getSequence();
	const worst = { token: 0, likely: 0, sum: 0 };
	for (const [i, prompt] of found.prompts.entries()) {
		if (sequence.nextTokenIndex > 0)
			await sequence.eraseContextTokenRanges([{ start: 0, end: sequence.nextTokenIndex }]);
		const row = found.logprobs[i] as Float32Array;
		const likely = [...row.keys()].sort((a, b) => (row[b] as number) - (row[a] as number)).slice(0, 20);
		const generateNext = {
			logits: { filter: { tokens: likely, includeSelected: true } },
			totalLogitWeight: true,
			options: { temperature: 0 },
		} as const;
		const last = prompt.length - 1;
		const outputs = await sequence.controlledEvaluate(
			prompt.map((token, at) => (at === last ? ([token, { generateNext }] as const) : token)),
		);
		const { logits, totalLogitWeight } = outputs[last]?.next ?? {};
		const total =
			Math.max(...(logits as ReadonlyMap<number, number>).values()) + Math.log(totalLogitWeight as number);
		for (const [rank, token] of likely.entries()) {
			const difference = Math.abs((logits?.get(token) as number) - total - (row[token] as number));
			worst.token = Math.max(worst.token, difference);
			if (rank === 0) {
				worst.likely = Math.max(worst.likely, difference);
				worst.sum += difference;
			}
		}
	}
	t.log(
		`${PROMPTS} prompts: largest difference ${worst.token.toFixed(3)} over the 20 likeliest next tokens, ${worst.likely.toFixed(3)} at the likeliest (mean ${(worst.sum / PROMPTS).toFixed(3)})`,
	);
	// llama.cpp rounds the states that it multiplies with quantised weights to 8 bits, and its cache to 16.
	t.true(worst.likely < 0.5, `${worst.likely}`);
	await context.dispose();
	await model.dispose();
});
