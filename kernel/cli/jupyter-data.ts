import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../stdlib/define.ts';
import { flag, type Invocation, textOption, UsageError } from './command.ts';

/** The folder of Jupyter's data that `--user`, `--sys-prefix` or `--prefix` names. */
export function dataFolder(invocation: Invocation): string {
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
