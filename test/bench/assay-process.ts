import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEYLESS } from './studies.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** As `kernel/bin/assay.mjs` starts it. */
export const NODE_FLAGS = ['--max-semi-space-size=8'];

export interface Finished {
	readonly code: number | null;
	readonly err: string;
	readonly seconds: number;
	/** Peak resident memory in bytes; zero for a process that was killed. */
	readonly peak: number;
}

/** The `assay` command in a process of its own, as a user starts it; `folder` is for what the measurement writes. */
export function startAssay(
	args: readonly string[],
	folder: string,
): { readonly process: ChildProcess; readonly finished: Promise<Finished> } {
	const peakFile = join(folder, 'peak');
	writeFileSync(peakFile, '0');
	const started = performance.now();
	const child = spawn(
		process.execPath,
		[...NODE_FLAGS, '--import', join(root, 'test/bench/peak-memory.ts'), 'kernel/cli.ts', ...args],
		{
			cwd: root,
			stdio: ['ignore', 'ignore', 'pipe'],
			env: { ...process.env, ...KEYLESS, ASSAY_BENCH_PEAK: peakFile },
		},
	);
	let err = '';
	child.stderr.on('data', (chunk: Buffer) => {
		err += chunk;
	});
	const finished = new Promise<Finished>((resolve) =>
		child.on('close', (code) => {
			const seconds = (performance.now() - started) / 1000;
			resolve({ code, err, seconds, peak: Number(readFileSync(peakFile, 'utf8')) });
		}),
	);
	return { process: child, finished };
}

/** Runs it to its end; throws when it fails. */
export async function assay(args: readonly string[], folder: string): Promise<Finished> {
	const finished = await startAssay(args, folder).finished;
	if (finished.code !== 0)
		throw new Error(`assay ${args.join(' ')} ended with ${finished.code}: ${finished.err}`);
	return finished;
}
