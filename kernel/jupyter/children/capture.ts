import { ChildProcess } from 'node:child_process';
import type { CellOutput } from '../contracts.ts';
import { inheritedIn, withPipes } from './inherited.ts';
import { captureWaitedFor } from './waited-for.ts';

/**
 * Programs that a cell starts with the kernel's own streams (`stdio: 'inherit'`) write to that cell: what is written to
 * the process's files themselves goes to Jupyter's log.
 */
export function captureChildren(output: () => CellOutput): void {
	captureSpawned(output);
	captureWaitedFor(output);
}

interface SpawnOptions {
	readonly stdio?: unknown;
}

/** `spawn`, `fork`, `exec` and `execFile` all come by here. */
function captureSpawned(output: () => CellOutput): void {
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
