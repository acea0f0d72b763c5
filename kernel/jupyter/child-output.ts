import { ChildProcess } from 'node:child_process';
import type { CellOutput } from './contracts.ts';

type Output = () => CellOutput;
type Name = 'stdout' | 'stderr';

/** A stream of a program that is to be the kernel's own: its number in the program, and which of ours. */
interface Inherited {
	readonly index: number;
	readonly name: Name;
}

/**
 * Programs that a cell starts with the kernel's own streams (`stdio: 'inherit'`) write to that cell: what is written to
 * the process's files themselves goes to Jupyter's log. Of a program that is waited for, it comes when that has ended.
 */
export function captureChildren(output: Output): void {
	captureSpawned(output);
	captureWaitedFor(output);
}

interface SpawnOptions {
	readonly stdio?: unknown;
}

/** `spawn`, `fork`, `exec` and `execFile` all come by here. */
function captureSpawned(output: Output): void {
	const prototype = ChildProcess.prototype as ChildProcess & { spawn(options: SpawnOptions): unknown };
	const { spawn } = prototype;
	prototype.spawn = function (this: ChildProcess, options: SpawnOptions): unknown {
		const listed = Array.isArray(options.stdio) ? options.stdio : Array(3).fill(options.stdio);
		const inherited = inheritedIn(listed);
		if (inherited.length === 0) return spawn.call(this, options);
		const cell = output();
		const spawned = spawn.call(this, { ...options, stdio: withPipes(listed, inherited, 'pipe') });
		for (const { index, name } of inherited) forward(this, index, (text) => cell.stream(name, text));
		return spawned;
	};
}

/** Nobody but the cell sees the pipe: a program with inherited streams has none. */
function forward(child: ChildProcess, index: number, show: (text: string) => void): void {
	const stdio = child.stdio as (NodeJS.ReadableStream | null)[];
	stdio[index]?.setEncoding('utf8').on('data', show);
	stdio[index] = null;
	if (index === 1) child.stdout = null;
	if (index === 2) child.stderr = null;
}

interface WaitedFor {
	spawn(options: {
		readonly stdio: readonly { readonly type: string; readonly fd?: number }[];
		readonly maxBuffer?: number;
	}): {
		readonly output: (Uint8Array | null)[] | null;
	};
}

/** What a program that is waited for may write to inherited streams; one that writes more is ended with ENOBUFS. */
const MOST_BYTES = 64 * 1024 ** 2;

/** 1 while this thread waits for a program that it started. Where it is ended meanwhile, whoever does that sets it back. */
export const isWaiting = new Int32Array(new SharedArrayBuffer(4));

/** `spawnSync`, `execSync` and `execFileSync` share nothing that can be replaced but what they call in Node itself. */
function captureWaitedFor(output: Output): void {
	const node = waitedFor();
	if (!node) return;
	const original = node.spawn;
	const spawn: typeof original = (options) => {
		isWaiting[0] = 1;
		try {
			return original(options);
		} finally {
			isWaiting[0] = 0;
		}
	};
	node.spawn = (options) => {
		const inherited = inheritedIn(options.stdio.map(({ type, fd }) => (type === 'pipe' ? 'pipe' : fd)));
		if (inherited.length === 0) return spawn(options);
		const pipe = { type: 'pipe', readable: false, writable: true };
		const limits = { maxBuffer: Math.max(options.maxBuffer ?? 0, MOST_BYTES) };
		const result = spawn({ ...options, ...limits, stdio: withPipes(options.stdio, inherited, pipe) });
		for (const { index, name } of inherited) {
			const written = result.output?.[index];
			if (written) output().stream(name, Buffer.from(written).toString());
			if (result.output) result.output[index] = null;
		}
		return result;
	};
}

function waitedFor(): WaitedFor | null {
	try {
		const found = (process as unknown as { binding(name: string): Partial<WaitedFor> }).binding('spawn_sync');
		return typeof found.spawn === 'function' ? (found as WaitedFor) : null;
	} catch {
		return null;
	}
}

function inheritedIn(stdio: readonly unknown[]): Inherited[] {
	return stdio.flatMap((asked, index) => {
		const name = nameOf(asked === 'inherit' ? index : asked);
		return name ? [{ index, name }] : [];
	});
}

function nameOf(asked: unknown): Name | null {
	if (asked === 1 || asked === process.stdout) return 'stdout';
	return asked === 2 || asked === process.stderr ? 'stderr' : null;
}

const withPipes = <T>(stdio: readonly T[], inherited: readonly Inherited[], pipe: T): T[] =>
	stdio.map((asked, at) => (inherited.some(({ index }) => index === at) ? pipe : asked));
