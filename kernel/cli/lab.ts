import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { UserError } from '../../stdlib/define.ts';
import { type Action, EXIT, type ExitCode, flag, type Invocation, UsageError } from './command.ts';
import { findLab, type Lab, refreshInstallations } from './lab-installation.ts';

/** Starts JupyterLab with the kernel installed where it looks for kernels. */
export const lab: Action = async (invocation) => {
	const [notebook, ...more] = invocation.operands.filter((operand) => !operand.startsWith('-'));
	if (more.length > 0) throw new UsageError('name one notebook', 'assay lab study.ipynb');
	if (notebook !== undefined && !existsSync(notebook))
		throw new UserError(
			`there is no notebook ${notebook}`,
			'check the path; `assay lab` alone opens the folder',
		);

	const found = findLab(process.cwd(), process.env);
	if (!found)
		throw new UserError(
			'there is no JupyterLab here',
			'python3 -m venv .venv && .venv/bin/pip install jupyterlab   (then assay lab finds it)',
		);
	for (const folder of refreshInstallations(found, process.env))
		invocation.terminal.err.write(`the kernel is now installed in ${folder}\n`);
	return start(found, labArguments(invocation));
};

/** What stands after `--` is JupyterLab's own. */
function labArguments(invocation: Invocation): string[] {
	return [...(flag(invocation, 'no-browser') ? ['--no-browser'] : []), ...invocation.operands];
}

function start({ command }: Lab, args: readonly string[]): Promise<ExitCode> {
	const [file, ...first] = command;
	const child = spawn(file, [...first, ...args], { stdio: 'inherit' });
	// Ctrl-C reaches JupyterLab from the terminal, and it asks back: it says when it is over.
	const stay = (): void => {};
	const end = (): void => void child.kill('SIGTERM');
	process.on('SIGINT', stay);
	process.on('SIGTERM', end);
	return new Promise<ExitCode>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => {
			if (code === 0) resolve(EXIT.done);
			else if (signal === 'SIGINT' || signal === 'SIGTERM') resolve(EXIT.interrupted);
			else
				reject(
					new UserError(`JupyterLab ended with ${signal ?? `code ${code}`}`, 'what it wrote above says why'),
				);
		});
	}).finally(() => {
		process.off('SIGINT', stay);
		process.off('SIGTERM', end);
	});
}
