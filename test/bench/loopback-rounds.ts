import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { openStore } from '../../kernel/engine/store/store.ts';
import { alternating } from './measure.ts';
import { startServer } from './start-server.ts';
import { KEYLESS, runText, samplesStudy } from './studies.ts';

/**
 * Rounds of a study and of a bare loop against one server, in one process: `node loopback-rounds.ts <latency> <in flight>
 * <warm-up> <rounds>`, started by `loopback.bench.ts`. Sends requests a second, of each round.
 */
export interface Round {
	readonly assay: number;
	readonly undici: number;
}

/** Long enough that neither warming up nor the growth of concurrency from its start decides. */
const CALLS = 40_000;

/** A loop that does nothing but send and read. */
async function bareLoop(url: string, concurrency: number): Promise<number> {
	const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
	const started = performance.now();
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < CALLS) {
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
	return CALLS / seconds;
}

async function engine(url: string, concurrency: number): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
	const store = openStore(join(folder, 'store.db'));
	const started = performance.now();
	const result = await runText(samplesStudy(url, CALLS, concurrency), { store });
	const seconds = (performance.now() - started) / 1000;
	if (result.outcome !== 'done' || result.spent.calls !== CALLS)
		throw new Error(`${result.outcome}: ${JSON.stringify(result.failures[0])}`);
	store.close();
	rmSync(folder, { recursive: true });
	return CALLS / seconds;
}

const [latencyMs, inFlight, warmUp, rounds] = process.argv.slice(2).map(Number) as [
	number,
	number,
	number,
	number,
];
Object.assign(process.env, KEYLESS);
const server = await startServer(latencyMs);
const all = await alternating(
	warmUp + rounds,
	() => engine(server.url, inFlight),
	() => bareLoop(server.url, inFlight),
);
server.stop();
process.send?.(
	all.slice(warmUp).map(({ a, b }): Round => ({ assay: a, undici: b })),
	() => process.exit(0),
);
