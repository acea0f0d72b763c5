import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../kernel/engine/store/store.ts';
import { mb, row } from './measure.ts';
import { runText, simulatedStudy } from './studies.ts';

const self = fileURLToPath(import.meta.url);

/** One run in a process of its own, so that its peak memory is its own. */
async function child(path: string, n: number): Promise<void> {
	const store = openStore(path);
	const started = performance.now();
	const result = await runText(simulatedStudy(n), { store });
	store.close();
	if (result.outcome !== 'done') throw new Error(`${result.outcome}: ${JSON.stringify(result.failures[0])}`);
	const seconds = (performance.now() - started) / 1000;
	process.stdout.write(JSON.stringify({ seconds, peak: process.resourceUsage().maxRSS * 1024 }));
}

function measure(path: string, n: number): { seconds: number; peak: number } {
	const done = spawnSync(process.execPath, [self, 'child', path, String(n)], {
		encoding: 'utf8',
		maxBuffer: 1 << 26,
	});
	if (done.status !== 0) throw new Error(done.stderr);
	return JSON.parse(done.stdout);
}

if (process.argv[2] === 'child') {
	await child(process.argv[3] as string, Number(process.argv[4]));
} else {
	row('rows on the simulated responder', 'first', 'µs a row', 'peak', 'again', 'peak');
	for (const n of [10_000, 100_000, 1_000_000]) {
		const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
		const path = join(folder, 'store.db');
		const first = measure(path, n);
		const again = measure(path, n);
		row(
			`${n}`,
			`${first.seconds.toFixed(1)} s`,
			((first.seconds / n) * 1e6).toFixed(1),
			mb(first.peak),
			`${again.seconds.toFixed(1)} s`,
			mb(again.peak),
		);
		rmSync(folder, { recursive: true });
	}
}
