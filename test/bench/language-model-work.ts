/**
 * One piece of work on the small model, in a process of its own, so that its peak memory is its own.
 *
 * usage: language-model-work.ts PROVIDER TASK   PROVIDER: lm | gguf:PARALLEL:THREADS   TASK: score | sample
 * Prints one line of JSON: what was done a second, and processor seconds and peak memory.
 */
import { gguf } from '../../stdlib/models/gguf.ts';
import { lm } from '../../stdlib/models/lm.ts';
import type { ModelProvider } from '../../stdlib/models/provider.ts';
import { randomStream } from '../../stdlib/random.ts';
import { peakBytes } from './peak-memory.ts';

const MODEL = 'smollm2-135m-instruct';
/** Fewer to see whether it runs. */
const ITEMS = Number(process.env.BENCH_ITEMS ?? 200);
const ROWS = Number(process.env.BENCH_TEXTS ?? 64);
const TOKENS = Number(process.env.BENCH_TOKENS ?? 64);
const never = new AbortController().signal;

function providerOf(name: string): Required<ModelProvider> {
	const [kind, parallel, threads] = name.split(':');
	const handle =
		kind === 'lm'
			? lm({ model: MODEL })
			: gguf({ model: MODEL, context: 512, parallel: Number(parallel), threads: Number(threads) });
	return handle.provider as Required<ModelProvider>;
}

const WORDS = (
	'the a of in on with under over small large red blue green old young quick slow river mountain city farmer doctor ' +
	'teacher child market train garden winter summer morning evening letter question answer number price window table ' +
	'walks runs buys sells writes reads opens closes finds loses gives takes sees hears knows asks before after while'
).split(' ');

/** Text of so many words; other seeds, other text, but for how every one begins. */
function question(seed: number, words: number): string {
	const random = randomStream(seed, 'question');
	const text = Array.from({ length: words }, () => WORDS[random.below(WORDS.length)]).join(' ');
	return `Read the passage and answer the question about it.\n\n${text}.\n\nWhat is it about?\n(a) a farmer\n(b) a river\n(c) a train\n(d) a garden`;
}

const turn = (content: string) => [{ role: 'user' as const, content }];

async function score(provider: Required<ModelProvider>, first: number, items: number): Promise<number> {
	const options = [' a', ' b', ' c', ' d'];
	await Promise.all(
		Array.from({ length: items }, (_, i) =>
			provider.choose(
				{
					kind: 'choose',
					messages: [...turn(question(first + i, 70)), { role: 'assistant', content: 'The answer is (' }],
					options,
					unconditional: false,
					subjects: [],
				},
				never,
			),
		),
	);
	return items;
}

/** Texts that do not end by themselves before they are long enough count for what they have. */
async function sample(provider: Required<ModelProvider>, first: number, rows: number): Promise<number> {
	const results = await Promise.all(
		Array.from({ length: rows }, (_, i) =>
			provider.sample(
				{
					kind: 'sample',
					messages: turn(`Write a very long story about this: ${question(first + i, 10)}`),
					temperature: 1,
					topP: 1,
					maxTokens: TOKENS,
					stop: [],
					seed: first + i,
					subjects: [],
				},
				never,
			),
		),
	);
	return results.reduce((sum, { usage }) => sum + usage.outputTokens, 0);
}

const [name = 'lm', task = 'score'] = process.argv.slice(2);
const provider = providerOf(name);
await provider.prepare(never);
const work = task === 'score' ? score : sample;
const size = task === 'score' ? ITEMS : ROWS;
// Shapes are compiled and memory is taken before the clock runs.
await work(provider, 1_000_000, name === 'lm' ? size : 4);
const [began, cpu] = [performance.now(), process.cpuUsage()];
const done = await work(provider, 0, size);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
	`${JSON.stringify({ perSecond: done / seconds, perCpuSecond: done / ((user + system) / 1e6), peak: peakBytes() })}\n`,
);
process.exit();
