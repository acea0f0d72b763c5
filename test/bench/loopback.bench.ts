import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from './assay-process.ts';
import type { Round } from './loopback-rounds.ts';
import { count, median, report } from './measure.ts';

/**
 * What V8 makes of a loop differs from process to process by more than from round to round (the ratio by a tenth either
 * way), so the figure is the median over several processes. V8 is warm after two rounds.
 */
const SETTINGS = [
	{ latencyMs: 0, inFlight: 64, processes: 5, warmUp: 2, rounds: 3, aim: 0.7 },
	{ latencyMs: 100, inFlight: 200, processes: 1, warmUp: 0, rounds: 2, aim: 0.95 },
] as const;

async function roundsOf({
	latencyMs,
	inFlight,
	warmUp,
	rounds,
}: (typeof SETTINGS)[number]): Promise<Round[]> {
	const child = fork(
		fileURLToPath(new URL('./loopback-rounds.ts', import.meta.url)),
		[latencyMs, inFlight, warmUp, rounds].map(String),
		{ execArgv: NODE_FLAGS, stdio: ['ignore', 2, 2, 'ipc'] },
	);
	const [found] = (await once(child, 'message')) as [Round[]];
	return found;
}

for (const setting of SETTINGS) {
	const all: Round[] = [];
	for (let i = 0; i < setting.processes; i++) all.push(...(await roundsOf(setting)));
	const ratio = median(all.map(({ assay, undici }) => assay / undici));
	report({
		what: `Requests a second, ${setting.latencyMs} ms latency, ${setting.inFlight} in flight`,
		assay: count(median(all.map(({ assay }) => assay))),
		peer: `undici: ${count(median(all.map(({ undici }) => undici)))}`,
		ratio: ratio.toFixed(2),
		aim: `≥ ${setting.aim}`,
		met: ratio >= setting.aim,
	});
}
