import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../../stdlib/define.ts';
import { studyText } from '../../jupyter/study/study-text.ts';
import { specifiersIn } from '../../jupyter/typescript/local-files.ts';
import { ASSAY, isBare, OWN_MODULES } from '../../jupyter/typescript/module-path.ts';
import type { NotebookDocument } from '../document.ts';

type Versions = Readonly<Record<string, string>>;

/** npm packages that TypeScript cells and these files import, with the version that each of them gets. */
export function packagesUsed(document: NotebookDocument, folder: string, files: readonly string[]): Versions {
	const cells = document.cells
		.filter((cell) => cell.cell_type === 'code' && studyText(cell.source) === null)
		.map(({ source }) => ({ text: source, from: folder }));
	const modules = files
		.filter((path) => /\.[cm]?[jt]s$/.test(path))
		.map((path) => ({ text: readFileSync(path, 'utf8'), from: dirname(path) }));
	const versions = new Map<string, string>();
	for (const { text, from } of [...cells, ...modules])
		for (const name of specifiersIn(text).flatMap(packageName)) {
			const found = findPackage(name, from);
			if (found) versions.set(name, found.version);
		}
	return Object.fromEntries([...versions].sort(([a], [b]) => a.localeCompare(b, 'en')));
}

function packageName(specifier: string): string[] {
	if (!isBare(specifier) || isBuiltin(specifier) || OWN_MODULES[specifier]) return [];
	const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
	return name ? [name] : [];
}

interface FoundPackage {
	readonly folder: string;
	readonly version: string;
	readonly isOwn: boolean;
}

/** The package that an import in this folder gets: near it, else one of Assay's own. */
function findPackage(name: string, folder: string): FoundPackage | null {
	for (let at = folder; ; at = dirname(at)) {
		const found = packageIn(join(at, 'node_modules', name), false);
		if (found) return found;
		if (dirname(at) === at) return packageIn(join(ASSAY, 'node_modules', name), true);
	}
}

function packageIn(folder: string, isOwn: boolean): FoundPackage | null {
	const path = join(folder, 'package.json');
	if (!existsSync(path)) return null;
	const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown };
	return { folder: realpathSync(folder), version: typeof version === 'string' ? version : '0', isOwn };
}

/**
 * Makes the packages of a pack importable in `target`: those that are installed at `here` are linked, those of Assay itself
 * are there anyway. Returns a sentence for each version that differs. Throws a `UserError` for one that is nowhere.
 */
export function linkPackages(wanted: Versions, here: string, target: string): string[] {
	const found = Object.entries(wanted).map(([name, version]) => ({
		name,
		version,
		found: findPackage(name, here),
	}));
	const missing = found.filter(({ found }) => !found).map(({ name, version }) => `${name}@${version}`);
	if (missing.length > 0)
		throw new UserError(
			`the notebook imports packages that are not here: ${missing.join(', ')}`,
			`npm install ${missing.join(' ')}`,
		);
	return found.flatMap(({ name, version, found }) => {
		if (!found) return [];
		if (!found.isOwn) link(found.folder, join(target, 'node_modules', name));
		return found.version === version
			? []
			: [`${name} is ${found.version} here and was ${version} when the notebook was packed`];
	});
}

function link(folder: string, path: string): void {
	mkdirSync(dirname(path), { recursive: true });
	symlinkSync(folder, path, 'junction');
}
