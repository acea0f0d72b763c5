import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openCompute } from '../../../kernel/compute/index.ts';
import { type LlamaSequence, loadRuntime } from '../../../stdlib/models/llama-runtime.ts';
import { DeviceModel } from '../../../stdlib/models/lm/device-model.ts';
import { openTransformer } from '../../../stdlib/models/lm/open.ts';
import { inOrder, Passes } from '../../../stdlib/models/lm/passes.ts';
import { Tokenizer } from '../../../stdlib/models/lm/tokenizer.ts';
import type { WeightValues } from '../../../stdlib/nets/weights.ts';
import { writeHuggingFace } from '../../helpers/hugging-face-model.ts';
import { writeSinglePrecision } from '../../helpers/single-precision-gguf.ts';
import { smallModel } from '../servers.ts';
import { here } from './here.ts';
import { askPeer, transformersPython } from './peer.ts';
import { realLines } from './real-lines.ts';

/** Fewer and shorter ones to see whether it holds at all. */
const PROMPTS = Number(process.env.AGREEMENT_PROMPTS ?? 50);
const LONGEST = Number(process.env.AGREEMENT_TOKENS ?? 1024);
/** On two processors that others use as well. */
const PATIENCE_MS = 45 * 60_000;

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
	t.timeout(PATIENCE_MS);
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

interface Agreement {
	/** Largest difference of ln p over the 20 likeliest next tokens of all prompts. */
	readonly token: number;
	/** At the likeliest. */
	readonly likely: number;
	readonly mean: number;
}

/** Differences from llama.cpp on a file, its cache of keys and values stored in that way. */
async function fromLlama(found: Measured, path: string, cache: 'F16' | 'F32'): Promise<Agreement> {
	const { llama } = await loadRuntime();
	const model = await llama.loadModel({ modelPath: path });
	const settings = { contextSize: 2048, sequences: 1, batchSize: 512, threads: 2 };
	const context = await model.createContext({
		...settings,
		// Rounds keys and values to half precision, whatever the cache.
		...(cache === 'F32' ? { flashAttention: false } : {}),
		experimentalKvCacheKeyType: cache,
		experimentalKvCacheValueType: cache,
	} as typeof settings);
	const sequence = context.getSequence();
	const worst = { token: 0, likely: 0, sum: 0 };
	for (const [i, prompt] of found.prompts.entries()) {
		const row = found.logprobs[i] as Float32Array;
		const likely = [...row.keys()].sort((a, b) => (row[b] as number) - (row[a] as number)).slice(0, 20);
		const theirs = await nextLogprobs(sequence, prompt, likely);
		for (const [rank, token] of likely.entries()) {
			const difference = Math.abs((theirs[rank] as number) - (row[token] as number));
			worst.token = Math.max(worst.token, difference);
			if (rank > 0) continue;
			worst.likely = Math.max(worst.likely, difference);
			worst.sum += difference;
		}
	}
	await context.dispose();
	await model.dispose();
	return { token: worst.token, likely: worst.likely, mean: worst.sum / PROMPTS };
}

/** ln p of some tokens after a prompt, the likeliest among them. */
async function nextLogprobs(
	sequence: LlamaSequence,
	prompt: readonly number[],
	tokens: readonly number[],
): Promise<number[]> {
	if (sequence.nextTokenIndex > 0)
		await sequence.eraseContextTokenRanges([{ start: 0, end: sequence.nextTokenIndex }]);
	const generateNext = {
		logits: { filter: { tokens, includeSelected: true } },
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
	return tokens.map((token) => (logits?.get(token) as number) - total);
}

const told = ({ token, likely, mean }: Agreement): string =>
	`${PROMPTS} prompts: largest difference ${token.toExponential(3)} over the 20 likeliest next tokens, ${likely.toExponential(1)} at the likeliest (mean ${mean.toExponential(1)})`;

test('next-token log-probabilities are near those of llama.cpp on the same file', async (t) => {
	t.timeout(PATIENCE_MS);
	const found = await ours(t);
	if (!found) return;
	const agreement = await fromLlama(found, found.path, 'F16');
	t.log(told(agreement));
	// llama.cpp rounds the states that it multiplies with quantised weights to 8 bits, and its cache to 16.
	t.true(agreement.likely < 0.5 && agreement.mean < 0.2, told(agreement));
});

test('and on the same numbers in single precision they are those of llama.cpp: what differs is its arithmetic', async (t) => {
	t.timeout(PATIENCE_MS);
	const found = await ours(t);
	if (!found) return;
	const folder = mkdtempSync(join(tmpdir(), 'assay-single-'));
	try {
		const path = join(folder, 'single.gguf');
		await writeSinglePrecision(found.path, path);
		for (const cache of ['F16', 'F32'] as const) {
			const agreement = await fromLlama(found, path, cache);
			t.log(`cache in ${cache}, ${told(agreement)}`);
			t.true(agreement.token < (cache === 'F32' ? 1e-3 : 2e-2), `${agreement.token}`);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});
