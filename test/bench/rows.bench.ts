import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../kernel/engine/store/store.ts';
import { studyFolder } from '../helpers/assay.ts';
import { count, mb, report, seconds } from './measure.ts';
import { peakBytes } from './peak-memory.ts';
import { runText, simulatedStudy, simulatedStudyAgain } from './studies.ts';

interface Measured {
	readonly seconds: number;
	readonly peak: number;
}

const MILLION = 1_000_000;
const AIMS = { firstSeconds: 90, againSeconds: 15, bytes: 1.5e9 };
const self = fileURLToPath(import.meta.url);

/** One run in a process of its own, so that its peak memory is its own. */
async function child(text: string, path: string): Promise<Measured> {
	const store = openStore(path);
	const started = performance.now();
	const result = await runText(text, { store });
	store.close();
	if (result.outcome !== 'done') throw new Error(`${result.outcome}: ${JSON.stringify(result.failures[0])}`);
	return { seconds: (performance.now() - started) / 1000, peak: peakBytes() };
}

function measure(study: 'first' | 'again', path: string, rows: number): Measured {
	const done = spawnSync(process.execPath, [...process.execArgv, self, study, path, String(rows)], {
		encoding: 'utf8',
	});
	if (done.status !== 0) throw new Error(done.stderr);
	return JSON.parse(done.stdout);
}

function firstRun(rows: number, path: string): void {
	const { seconds: took, peak } = measure('first', path, rows);
	const all = rows === MILLION;
	report({
		what: `${count(rows)} rows on the simulated responder`,
		assay: `${seconds(took)}, ${((took / rows) * 1e6).toFixed(0)} µs a row, ${mb(peak)}`,
		...(all
			? {
					aim: `< ${AIMS.firstSeconds} s, < ${AIMS.bytes / 1e9} GB`,
					met: took < AIMS.firstSeconds && peak < AIMS.bytes,
				}
			: {}),
	});
}

function again(what: string, measured: Measured): void {
	report({
		what,
		assay: `${seconds(measured.seconds)}, ${mb(measured.peak)}`,
		aim: `< ${AIMS.againSeconds} s`,
		met: measured.seconds < AIMS.againSeconds,
	});
}

function parent(): void {
	for (const rows of [10_000, 100_000, MILLION]) {
		const folder = studyFolder({});
		const path = join(folder.path, 'store.db');
		firstRun(rows, path);
		if (rows === MILLION) {
			again('… again from the store: its steps', measure('first', path, rows));
			again(
				'… with another field over the same calls: a million calls from the store',
				measure('again', path, rows),
			);
		}
		folder.remove();
	}
}

const [, , study, path, rows] = process.argv;
if (study && path) {
	const text = study === 'first' ? simulatedStudy(Number(rows)) : simulatedStudyAgain(Number(rows));
	process.stdout.write(JSON.stringify(await child(text, path)));
} else parent();
