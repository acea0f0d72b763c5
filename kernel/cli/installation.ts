import { cpSync, existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../stdlib/define.ts';
import { kernelCommand } from '../jupyter/launch.ts';

const LOGO = fileURLToPath(new URL('../jupyter/logo', import.meta.url));
const EXTENSION = fileURLToPath(new URL('../jupyter/labextension', import.meta.url));

/** What Jupyter finds in a folder of its data. */
export interface Installation {
	readonly kernel: string;
	readonly extension: string;
}

export const installationIn = (folder: string): Installation => ({
	kernel: join(folder, 'kernels', 'assay'),
	extension: join(folder, 'labextensions', '@assay', 'jupyterlab'),
});

/** Throws a `UserError` where the folder cannot be written. */
export function writeInstallation(folder: string): Installation {
	const installation = installationIn(folder);
	try {
		writeKernel(installation.kernel);
		writeExtension(installation.extension);
	} catch (error) {
		throw cannotWrite(folder, error);
	}
	return installation;
}

/** Takes both away, and the scope's folder when nothing else is in it; the paths of what was there. */
export function removeInstallation(folder: string): string[] {
	const { kernel, extension } = installationIn(folder);
	const there = [kernel, extension].filter(existsSync);
	try {
		for (const path of there) rmSync(path, { recursive: true });
		if (there.includes(extension)) rmdirSync(dirname(extension));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw cannotWrite(folder, error);
	}
	return there;
}

function writeKernel(folder: string): void {
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

/** Anew, so that no file of another version stays. */
function writeExtension(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	cpSync(EXTENSION, folder, { recursive: true });
	const plotly = createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js');
	cpSync(plotly, join(folder, 'static', 'plotly.min.js'));
	const install = {
		packageManager: 'assay',
		packageName: '@assay/jupyterlab',
		uninstallInstructions: 'Run `assay install --remove` with the option that it was installed with.',
	};
	writeFileSync(join(folder, 'install.json'), `${JSON.stringify(install, null, 2)}\n`);
}

function cannotWrite(folder: string, error: unknown): Error {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOTDIR') return error as Error;
	return new UserError(
		`cannot write into ${folder}: ${message}`,
		'assay install --user needs no rights beyond your own; --prefix <folder> takes any folder',
	);
}
