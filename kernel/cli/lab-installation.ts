import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { kernelCommand } from '../jupyter/launch.ts';
import { installationIn, writeInstallation } from './installation.ts';
import { userDataFolder } from './jupyter-data.ts';

export interface Lab {
	/** The program and its first arguments. */
	readonly command: readonly [string, ...string[]];
	/** The Python environment that it is in. */
	readonly prefix: string;
}

const BIN = process.platform === 'win32' ? 'Scripts' : 'bin';
const EXE = process.platform === 'win32' ? '.exe' : '';

/** JupyterLab of the active environment, of the path, of a `.venv` in this folder or above it, or as a Python module. */
export function findLab(folder: string, env: NodeJS.ProcessEnv): Lab | null {
	const onPath = (env.PATH ?? '').split(delimiter).filter((entry) => entry !== '');
	const environments = [
		...(env.VIRTUAL_ENV ? [env.VIRTUAL_ENV] : []),
		...(env.CONDA_PREFIX ? [env.CONDA_PREFIX] : []),
	];
	const folders = [
		...environments.map((each) => join(each, BIN)),
		...onPath,
		...above(folder).map((each) => join(each, '.venv', BIN)),
	];
	const bin = folders.find((each) => existsSync(join(each, `jupyter-lab${EXE}`)));
	if (bin) return { command: [join(bin, `jupyter-lab${EXE}`)], prefix: dirname(bin) };
	return labModule(env);
}

function above(folder: string): string[] {
	const parent = dirname(folder);
	return parent === folder ? [folder] : [folder, ...above(parent)];
}

function labModule(env: NodeJS.ProcessEnv): Lab | null {
	const asked = spawnSync('python3', ['-c', 'import sys, jupyterlab; print(sys.prefix)'], {
		env,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	return asked.status === 0
		? { command: ['python3', '-m', 'jupyterlab'], prefix: asked.stdout.trim() }
		: null;
}

/**
 * Installs the kernel for the user where JupyterLab would find none, and anew where it would find one of another Assay or
 * Node. Returns the folders written to.
 */
export function refreshInstallations({ prefix }: Lab, env: NodeJS.ProcessEnv): string[] {
	const user = userDataFolder(process.platform, env);
	const installed = [join(prefix, 'share', 'jupyter'), user].filter((folder) =>
		existsSync(installationIn(folder).kernel),
	);
	const wanting = installed.length === 0 ? [user] : installed.filter((folder) => !isCurrent(folder));
	for (const folder of wanting) writeInstallation(folder);
	return wanting;
}

function isCurrent(folder: string): boolean {
	const { kernel, extension } = installationIn(folder);
	try {
		const { argv } = JSON.parse(readFileSync(join(kernel, 'kernel.json'), 'utf8')) as { argv: string[] };
		const own = kernelCommand().argv;
		return (
			argv.slice(0, own.length).join('\0') === own.join('\0') && existsSync(join(extension, 'install.json'))
		);
	} catch {
		// Unreadable is not current.
		return false;
	}
}
