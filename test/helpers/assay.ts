import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../kernel/cli.ts', import.meta.url));

export interface Finished {
	/** null when a signal ended it. */
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly out: string;
	readonly err: string;
}

export interface AssayOptions {
	readonly cwd?: string;
	/** Beside what a process needs to start; keys of the machine that runs the tests never get in. */
	readonly env?: Readonly<Record<string, string>>;
	/** Runs `assay` from a shell line instead, with the command as `"$@"`: `ulimit -f 100; exec "$@"`. */
	readonly shell?: string;
}

export interface RunningAssay {
	readonly process: ChildProcess;
	/** What it has written so far. */
	readonly soFar: { out: string; err: string };
	readonly finished: Promise<Finished>;
}

/** The `assay` command in a process of its own, without a terminal. */
export function startAssay(args: readonly string[], options: AssayOptions = {}): RunningAssay {
	const { cwd, env = {}, shell } = options;
	const command = [process.execPath, CLI, ...args];
	const [file, ...rest] = shell ? ['bash', '-c', shell, 'bash', ...command] : command;
	const child = spawn(file as string, rest, {
		cwd,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
	});
	const soFar = { out: '', err: '' };
	child.stdout.on('data', (chunk: Buffer) => {
		soFar.out += chunk;
	});
	child.stderr.on('data', (chunk: Buffer) => {
		soFar.err += chunk;
	});
	const finished = new Promise<Finished>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => resolve({ code, signal, ...soFar }));
	});
	return { process: child, soFar, finished };
}

export const assay = (args: readonly string[], options: AssayOptions = {}): Promise<Finished> =>
	startAssay(args, options).finished;

/** A folder for one test with files in it; `remove` takes it away. */
export function studyFolder(files: Readonly<Record<string, string>>): { path: string; remove(): void } {
	const path = mkdtempSync(join(tmpdir(), 'assay-test-'));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
	return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
