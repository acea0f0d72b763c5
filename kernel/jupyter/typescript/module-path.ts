import { statSync } from 'node:fs';
import { extname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const ASSAY = resolve(import.meta.dirname, '../../..');
const MODULES = resolve(import.meta.dirname, '../modules');

/** Modules that the kernel itself is, whatever is installed near the notebook. */
export const OWN_MODULES: Readonly<Record<string, string>> = {
	assay: pathToFileURL(join(MODULES, 'assay.ts')).href,
	'assay/tf': pathToFileURL(join(ASSAY, 'kernel/tf.ts')).href,
	tslab: pathToFileURL(join(MODULES, 'tslab.ts')).href,
};

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

/** Whether a specifier names a package, or a module of Node's. */
export const isBare = (specifier: string): boolean =>
	!/^\.{1,2}(\/|$)|^[a-z][a-z\d+.-]+:\/\//.test(specifier) && !isAbsolute(specifier);

/** The file that is meant by a path whose extension may be missing, as the checker finds it. */
export function existing(path: string): string | null {
	const candidates = [path, ...swapped(path), ...EXTENSIONS.map((extension) => `${path}${extension}`)];
	return candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile()) ?? null;
}

/** `./a.js` may mean `./a.ts`, as the checker reads it. */
function swapped(path: string): string[] {
	const extension = extname(path);
	return extension === '.js' || extension === '.mjs' ? [path.replace(/js$/, 'ts')] : [];
}

/** Whether an import failed because nothing of that name is installed. */
export function isMissing(error: unknown, specifier: string): boolean {
	const { code, message } = error as { code?: string; message?: string };
	const name = specifier.split('/')[0] ?? specifier;
	return /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') && Boolean(message?.includes(`'${name}`));
}
