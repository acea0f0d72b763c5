import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellOutput, FollowedFile } from '../contracts.ts';
import { shared } from '../shared.ts';
import { type Inherited, inheritedIn, type StreamName, withPipes } from './inherited.ts';

interface WaitedFor {
	spawn(options: WaitOptions): { readonly output: (Uint8Array | null)[] | null };
}

interface WaitOptions {
	readonly stdio: readonly { readonly type: string; readonly fd?: number }[];
	readonly maxBuffer?: number;
}

/** What a program that is waited for may write to inherited streams where nobody follows it. */
const MOST_BYTES = 64 * 1024 ** 2;

const followed = new Set<number>();

/** What follows a wait, where this thread was ended in the middle of one. */
export function waitNoMore(): void {
	shared.isWaiting[0] = 0;
	for (const fd of followed) closeSync(fd);
	followed.clear();
}

/** `spawnSync`, `execSync` and `execFileSync` share nothing that can be replaced but what they call in Node itself. */
export function captureWaitedFor(output: () => CellOutput): void {
	const node = waitedFor();
	if (!node) return;
	const original = node.spawn;
	const spawn: typeof original = (options) => {
		shared.isWaiting[0] = 1;
		try {
			return original(options);
		} finally {
			shared.isWaiting[0] = 0;
		}
	};
	node.spawn = (options) => {
		const inherited = inheritedIn(options.stdio.map(({ type, fd }) => (type === 'pipe' ? 'pipe' : fd)));
		if (inherited.length === 0) return spawn(options);
		const cell = output();
		return cell.follow
			? spawnFollowed(spawn, options, inherited, (files) => cell.follow?.(files) ?? (() => {}))
			: spawnPiped(spawn, options, inherited, (name, text) => cell.stream(name, text));
	};
}

/** By way of files that another thread reads meanwhile. */
function spawnFollowed(
	spawn: WaitedFor['spawn'],
	options: WaitOptions,
	inherited: readonly Inherited[],
	follow: (files: readonly FollowedFile[]) => () => void,
): ReturnType<WaitedFor['spawn']> {
	const files = [...new Set(inherited.map(({ name }) => name))].map((name) => ({ name, fd: namelessFile() }));
	const fdOf = (at: number): number | undefined => {
		const name = inherited.find(({ index }) => index === at)?.name;
		return files.find((file) => file.name === name)?.fd;
	};
	const stdio = options.stdio.map((asked, at) => {
		const fd = fdOf(at);
		return fd === undefined ? asked : { type: 'fd', fd };
	});
	const stop = follow(files);
	try {
		return spawn({ ...options, stdio });
	} finally {
		stop();
		waitNoMore();
	}
}

/** A temporary file that is gone when nobody has it open any more. */
function namelessFile(): number {
	const path = join(tmpdir(), `assay-output-${randomUUID()}`);
	// What is written is appended, by whoever the program hands it on to.
	const fd = openSync(path, 'ax+', 0o600);
	unlinkSync(path);
	followed.add(fd);
	return fd;
}

function spawnPiped(
	spawn: WaitedFor['spawn'],
	options: WaitOptions,
	inherited: readonly Inherited[],
	show: (name: StreamName, text: string) => void,
): ReturnType<WaitedFor['spawn']> {
	const pipe = { type: 'pipe', readable: false, writable: true };
	const limits = { maxBuffer: Math.max(options.maxBuffer ?? 0, MOST_BYTES) };
	const result = spawn({ ...options, ...limits, stdio: withPipes(options.stdio, inherited, pipe) });
	for (const { index, name } of inherited) {
		const written = result.output?.[index];
		if (written) show(name, Buffer.from(written).toString());
		if (result.output) result.output[index] = null;
	}
	return result;
}

function waitedFor(): WaitedFor | null {
	try {
		const found = (process as unknown as { binding(name: string): Partial<WaitedFor> }).binding('spawn_sync');
		return typeof found.spawn === 'function' ? (found as WaitedFor) : null;
	} catch {
		return null;
	}
}
