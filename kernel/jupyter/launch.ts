import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a kernel is started; the connection file's path comes last. */
export interface KernelCommand {
	readonly argv: readonly string[];
	/** Beside the environment of whoever starts it. */
	readonly env: Readonly<Record<string, string>>;
}

/**
 * With the Node that runs this. Timers that are ended from outside make Node's own check of its async hooks fail, so
 * that is off; compiled code is kept between starts, which halves the time to the first result.
 */
export function kernelCommand(entry = new URL('./main.ts', import.meta.url)): KernelCommand {
	const flags = [
		'--no-force-async-hooks-checks',
		'--max-semi-space-size=8',
		'--disable-warning=ExperimentalWarning',
	];
	return {
		argv: [process.execPath, ...flags, fileURLToPath(entry)],
		env: { NODE_COMPILE_CACHE: compileCacheFolder() },
	};
}

const compileCacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
	join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'assay', 'compiled');
