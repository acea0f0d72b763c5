import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../define.ts';
import { findRuntime, LLAMA_VERSION, runtimeDir } from './llama-runtime.ts';

/** Packages with the processor's builds; the CUDA and Vulkan ones are ten times their size. */
const PLATFORM_PACKAGE: Readonly<Record<string, string>> = {
	'linux-x64': 'linux-x64',
	'linux-arm64': 'linux-arm64',
	'linux-arm': 'linux-armv7l',
	'darwin-arm64': 'mac-arm64-metal',
	'darwin-x64': 'mac-x64',
	'win32-x64': 'win-x64',
	'win32-arm64': 'win-arm64',
};

/** Installs node-llama-cpp into the user's cache unless it is found already; the folder it is in. */
export async function ensureRuntime(signal?: AbortSignal): Promise<string> {
	const found = findRuntime();
	if (found !== null) return found;
	const platform = `${process.platform}-${process.arch}`;
	const build = PLATFORM_PACKAGE[platform];
	if (build === undefined) throw new UserError(`llama.cpp has no ready build for ${platform}`);
	const target = runtimeDir();
	const partial = `${target}.partial-${process.pid}`;
	mkdirSync(partial, { recursive: true });
	try {
		// A package of its own keeps npm from looking further up, and install scripts would only compile what is ready.
		writeFileSync(join(partial, 'package.json'), '{"private": true}\n');
		const packages = [`node-llama-cpp@${LLAMA_VERSION}`, `@node-llama-cpp/${build}@${LLAMA_VERSION}`];
		const options = [
			'--omit=optional',
			'--omit=peer',
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
			'--loglevel=error',
		];
		await runCommand('npm', ['install', '--prefix', partial, ...options, ...packages], partial, signal);
		mkdirSync(dirname(target), { recursive: true });
		if (existsSync(target)) rmSync(target, { recursive: true, force: true });
		renameSync(partial, target);
	} finally {
		rmSync(partial, { recursive: true, force: true });
	}
	return join(target, 'node_modules');
}

/** Runs a program of the user's machine to its end; its last words go into the error. */
export function runCommand(
	command: string,
	args: readonly string[],
	cwd: string,
	signal?: AbortSignal,
	env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd,
			env,
			stdio: ['ignore', 'ignore', 'pipe'],
			signal,
			shell: process.platform === 'win32',
		});
		let said = '';
		child.stderr.on('data', (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-2000);
		});
		child.on('error', (error: NodeJS.ErrnoException) => {
			if (signal?.aborted) reject(signal.reason);
			else if (error.code === 'ENOENT')
				reject(new UserError(`${command} is not installed, or not on the PATH`));
			else reject(error);
		});
		child.on('close', (code) => {
			if (code === 0) resolve();
			else
				reject(
					new UserError(`${command} ${args[0]} failed: ${said.trim().split('\n').at(-1) ?? `exit ${code}`}`),
				);
		});
	});
}
