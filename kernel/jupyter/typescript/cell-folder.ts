import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deleteStaleFolders, signFolder } from './stale-folders.ts';

const ASSAY = resolve(import.meta.dirname, '../../..');
const MODULES = resolve(import.meta.dirname, '../modules');

const PREFIX = 'assay-kernel-';
/** Not while the first cell waits. */
const CLEAN_AFTER_MS = 3000;

/**
 * Where the checker believes that cells are: a folder of its own, never the user's. Its parents hold links to the
 * `node_modules` folders that the notebook sees, nearest first, and outermost to Assay's own, so that Node's, Danfo's
 * and Plotly's types are known without setup.
 */
export class CellFolder {
	readonly path: string;
	readonly cellUri: string;
	private readonly root: string;

	constructor(notebookFolder: string) {
		this.root = mkdtempSync(join(tmpdir(), PREFIX));
		signFolder(this.root);
		this.path = this.makeChain(notebookFolder);
		this.cellUri = pathToFileURL(join(this.path, 'cell.ts')).href;
		this.write('tsconfig.json', JSON.stringify(configuration(notebookFolder), null, '\t'));
		this.write('cell.ts', 'export {};\n');
		process.once('exit', this.delete);
		setTimeout(() => deleteStaleFolders(PREFIX), CLEAN_AFTER_MS).unref();
	}

	write(name: string, text: string): void {
		writeFileSync(join(this.path, name), text);
	}

	/** Also called when the process ends in whatever order. */
	readonly delete = (): void => {
		process.removeListener('exit', this.delete);
		rmSync(this.root, { recursive: true, force: true });
	};

	private makeChain(notebookFolder: string): string {
		let path = this.root;
		const level = (target: string): void => {
			path = join(path, 'n');
			mkdirSync(path);
			symlinkSync(target, join(path, 'node_modules'), 'junction');
		};
		for (const target of [assayModules(), ...modulesAbove(notebookFolder)]) level(target);
		path = join(path, 'cells');
		mkdirSync(path);
		return path;
	}
}

/** Assay's dependencies: its own folder, or that of the project which it is installed in. */
function assayModules(): string {
	const own = join(ASSAY, 'node_modules');
	return existsSync(join(own, 'typescript')) ? own : dirname(ASSAY);
}

/** The `node_modules` folders which a module in `folder` sees, outermost first. Not yet existing ones may come later. */
function modulesAbove(folder: string): string[] {
	const found: string[] = [];
	for (let at = resolve(folder); ; at = dirname(at)) {
		const candidate = join(at, 'node_modules');
		const isNotebooks = at === resolve(folder);
		if ((isNotebooks || existsSync(candidate)) && candidate !== assayModules()) found.unshift(candidate);
		if (dirname(at) === at) return found;
	}
}

function configuration(notebookFolder: string): object {
	return {
		compilerOptions: {
			target: 'es2024',
			lib: ['es2024', 'esnext.disposable', 'esnext.iterator'],
			module: 'esnext',
			moduleResolution: 'bundler',
			moduleDetection: 'force',
			types: ['node'],
			strict: true,
			noEmit: true,
			skipLibCheck: true,
			allowImportingTsExtensions: true,
			resolveJsonModule: true,
			allowJs: true,
			maxNodeModuleJsDepth: 0,
			rootDirs: ['.', resolve(notebookFolder)],
			paths: {
				assay: [join(MODULES, 'types', 'assay.d.ts')],
				'assay/tf': [join(ASSAY, 'kernel', 'tf.ts')],
				'assay/study': [join(MODULES, 'types', 'study.d.ts')],
				tslab: [join(MODULES, 'types', 'tslab.d.ts')],
			},
		},
		files: ['cell.ts'],
	};
}
