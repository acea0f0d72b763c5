import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openStore } from '../../kernel/engine/store/store.ts';
import { alternating, count, median, report } from './measure.ts';
import { startServer } from './start-server.ts';
import { KEYLESS, runText, samplesStudy } from './studies.ts';

Object.assign(process.env, KEYLESS);

/** Requests a second of a loop that does nothing but send and read. */
async function bareLoop(url: string, n: number, concurrency: number): Promise<number> {
	const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
	const started = performance.now();
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < n) {
			const i = ++next;
			const messages = [{ role: 'user', content: `Question ${i}: which of A, B, C and D is it?` }];
			const { body } = await pool.request({
				path: '/v1/chat/completions',
				method: 'POST',
				headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
				body: JSON.stringify({ model: 'loopback', messages, temperature: 0, max_tokens: 4 }),
			});
			JSON.parse(await body.text());
		}
	};
	await Promise.all(Array.from({ length: concurrency }, worker));
	const seconds = (performance.now() - started) / 1000;
	await pool.close();
	return n / seconds;
}

async function engine(url: string, n: number, concurrency: number): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
	const store = openStore(join(folder, 'store.db'));
	const started = performance.now();
	const result = await runText(samplesStudy(url, n, concurrency), { store });
	const seconds = (performance.now() - started) / 1000;
	if (result.outcome !== 'done' || result.spent.calls !== n)
		throw new Error(`${result.outcome}: ${JSON.stringify(result.failures[0])}`);
	store.close();
	rmSync(folder, { recursive: true });
	return n / seconds;
}

/** Long enough that neither warming up nor the growth of concurrency from its start decides; V8 is warm after 60,000 calls. */
const CALLS = 40_000;
const WARM_UP = 2;
const ROUNDS = 5;

for (const [latencyMs, concurrency, aim] of [
	[0, 64, 0.7],
	[100, 200, 0.95],
] as const) {
	const server = await startServer(latencyMs);
	const all = await alternating(
		WARM_UP + ROUNDS,
		() => engine(server.url, CALLS, concurrency),
		() => bareLoop(server.url, CALLS, concurrency),
	);
	const rounds = all.slice(WARM_UP);
	const ratio = median(rounds.map(({ a, b }) => a / b));
	report({
		what: `Requests a second, ${latencyMs} ms latency, ${concurrency} in flight`,
		assay: count(median(rounds.map(({ a }) => a))),
		peer: `undici: ${count(median(rounds.map(({ b }) => b)))}`,
		ratio: ratio.toFixed(2),
		aim: `≥ ${aim}`,
		met: ratio >= aim,
	});
	server.stop();
}
process.exit(0);
