import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../stdlib/define.ts';
import { kernelCommand } from '../jupyter/launch.ts';
import { type Action, EXIT, flag, type Invocation, textOption, UsageError } from './command.ts';

const LOGO = fileURLToPath(new URL('../jupyter/logo', import.meta.url));
const EXTENSION = fileURLToPath(new URL('../jupyter/labextension', import.meta.url));

/** Puts the kernel where Jupyter looks for kernels, and starts it once: that it answers is seen now and not later. */
export const install: Action = async (invocation) => {
	const folder = dataFolder(invocation);
	const spec = join(folder, 'kernels', 'assay');
	const extension = join(folder, 'labextensions', '@assay', 'jupyterlab');
	try {
		writeSpec(spec);
		if (existsSync(EXTENSION)) cpSync(EXTENSION, extension, { recursive: true });
	} catch (error) {
		throw cannotWrite(folder, error);
	}
	const milliseconds = await tryKernel();
	const { out } = invocation.terminal;
	out.write(`kernel     ${spec}\n`);
	if (existsSync(extension)) out.write(`extension  ${extension}\n`);
	out.write(
		`It answers after ${(milliseconds / 1000).toFixed(1)} s. In Jupyter it is called "Assay (TypeScript)".\n`,
	);
	return EXIT.done;
};

/** The folder of Jupyter's data that the options name. */
function dataFolder(invocation: Invocation): string {
	const prefix = textOption(invocation, 'prefix');
	const chosen = [flag(invocation, 'user'), flag(invocation, 'sys-prefix'), prefix !== null];
	if (chosen.filter(Boolean).length > 1)
		throw new UsageError('--user, --sys-prefix and --prefix exclude each other', 'assay help install');
	if (prefix !== null) return join(resolve(prefix), 'share', 'jupyter');
	if (flag(invocation, 'sys-prefix')) return join(pythonPrefix(), 'share', 'jupyter');
	return userDataFolder(process.platform, process.env);
}

/** As `jupyter --paths` has it. */
export function userDataFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home = homedir()): string {
	if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
	if (platform === 'darwin') return join(home, 'Library', 'Jupyter');
	if (platform === 'win32') return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'jupyter');
	return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter');
}

function pythonPrefix(): string {
	for (const python of ['python3', 'python']) {
		try {
			return execFileSync(python, ['-c', 'import sys; print(sys.prefix)'], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			}).trim();
		} catch {
			// Perhaps the other name.
		}
	}
	throw new UserError(
		'there is no Python here whose prefix could be used',
		'activate the environment that Jupyter is in, or name its folder: assay install --prefix <folder>',
	);
}

function writeSpec(folder: string): void {
	mkdirSync(folder, { recursive: true });
	const { argv, env } = kernelCommand();
	const spec = {
		argv: [...argv, '{connection_file}'],
		display_name: 'Assay (TypeScript)',
		language: 'typescript',
		interrupt_mode: 'message',
		env,
		metadata: { debugger: false },
	};
	writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
	cpSync(LOGO, folder, { recursive: true });
}

function cannotWrite(folder: string, error: unknown): Error {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOTDIR') return error as Error;
	return new UserError(
		`cannot write into ${folder}: ${message}`,
		'assay install --user needs no rights beyond your own; --prefix <folder> takes any folder',
	);
}

/** Milliseconds to a first result. What was compiled meanwhile is kept for later starts. */
async function tryKernel(): Promise<number> {
	const { KernelClient } = await import('../jupyter/client/kernel-client.ts');
	const start = performance.now();
	const client = await KernelClient.start({ folder: process.cwd() });
	const { reply } = await client.execute('6 * 7', { silent: true });
	const milliseconds = performance.now() - start;
	await client.shutdown();
	if (reply.content.status !== 'ok')
		throw new Error(`the kernel was installed, but does not work: ${reply.content.evalue}`);
	return milliseconds;
}
