import { createRequire, isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { type ChangedFile, type ImportedFiles, LocalFiles } from './local-files.ts';
import { hookModules, versionedUrl } from './module-hooks.ts';
import { ASSAY, existing, isBare, isMissing, OWN_MODULES } from './module-path.ts';
import type { CellImport } from './transform.ts';

type Namespace = Readonly<Record<string, unknown>>;
type Importer = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;

/** Loads modules as if the notebook were a module in its folder. What is not found there is looked for in Assay's own. */
export class ModuleLoader {
	readonly require: NodeJS.Require;
	private readonly folder: string;
	private readonly files: LocalFiles;
	private hooks: { deregister(): void } | null = null;
	private readonly fromNotebook: Importer;
	private readonly fromAssay: Importer;

	constructor(folder: string) {
		this.folder = folder;
		this.files = new LocalFiles(folder);
		this.fromNotebook = importerIn(folder);
		this.fromAssay = importerIn(ASSAY);
		this.require = this.makeRequire();
	}

	/** The files of the user's that changed since the last cell, before a cell with this text is checked. */
	changedFiles(code: string): readonly ChangedFile[] {
		this.files.track(code);
		this.refresh();
		return this.files.takeChanged();
	}

	/** The TypeScript files of the user's that a cell with this text imports, in the version that is on disk. */
	typeScriptFiles(code: string): ImportedFiles {
		const { paths, version } = this.files.importedBy(code);
		const isChecked = (path: string): boolean =>
			/\.[cm]?tsx?$/.test(path) && !/\.d\.[cm]?ts$|[\\/]node_modules[\\/]/.test(path);
		return { paths: paths.filter(isChecked), version };
	}

	/** What CommonJS has loaded of changed files is forgotten; ES modules get a new address. */
	private refresh(): void {
		this.files.refresh((path) => delete this.require.cache[path]);
	}

	/** Whether a package that the checker did not find is there by now. */
	isInstalled(specifier: string): boolean {
		if (!isBare(specifier)) return existing(resolve(this.folder, specifier)) !== null;
		const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
		const searched = this.require.resolve.paths(specifier) ?? [];
		return searched.some((folder) => existing(join(folder, name, 'package.json')) !== null);
	}

	close(): void {
		this.hooks?.deregister();
		this.hooks = null;
	}

	/** What `import.meta` is in a cell. */
	readonly meta = (): object => {
		const filename = join(this.folder, 'notebook.ts');
		return {
			url: pathToFileURL(filename).href,
			filename,
			dirname: this.folder,
			resolve: (specifier: string) => this.resolve(specifier),
		};
	};

	async import(specifier: string, options?: ImportCallOptions): Promise<Namespace> {
		const target = OWN_MODULES[specifier] ?? this.local(specifier) ?? specifier;
		const withType = target.split('?')[0]?.endsWith('.json')
			? { with: { type: 'json' }, ...options }
			: options;
		try {
			return await this.fromNotebook(target, withType);
		} catch (error) {
			if (!isBare(specifier) || !isMissing(error, specifier)) throw error;
			return this.fromAssay(target, withType).catch(() => {
				throw error;
			});
		}
	}

	/** The values of an import's names; a name that the module does not have is a type. */
	async importNames({ specifier, attributes, names }: CellImport): Promise<Map<string, unknown>> {
		const options = Object.keys(attributes).length > 0 ? { with: attributes } : undefined;
		const namespace = await this.import(specifier, options as ImportCallOptions | undefined);
		const values = new Map<string, unknown>();
		for (const { imported, local } of names) {
			if (imported === '*') values.set(local, namespace);
			else if (has(namespace, imported)) values.set(local, exported(namespace, imported));
		}
		return values;
	}

	private resolve(specifier: string): string {
		if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
		return (
			OWN_MODULES[specifier] ?? this.local(specifier) ?? pathToFileURL(this.require.resolve(specifier)).href
		);
	}

	/** The URL of a file of the user's, its extension found as the checker finds it; null for packages. */
	private local(specifier: string): string | null {
		if (isBare(specifier)) return null;
		if (/^(?!file:)[a-z][a-z\d+.-]+:/.test(specifier)) return null;
		const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(this.folder, specifier);
		const found = existing(path);
		if (found === null) return pathToFileURL(path).href;
		// Hooks cost every import a little: they begin with the first file.
		this.hooks ??= hookModules(this.files);
		this.files.trackFile(found);
		this.refresh();
		return versionedUrl(found, this.files);
	}

	private makeRequire(): NodeJS.Require {
		const near = createRequire(join(this.folder, 'notebook.js'));
		const own = createRequire(join(ASSAY, 'notebook.js'));
		const load = (specifier: string): unknown => {
			const module = OWN_MODULES[specifier];
			if (module) return own(fileURLToPath(module));
			try {
				return near(specifier);
			} catch (error) {
				if (!isBare(specifier) || !isMissing(error, specifier) || !canResolve(own, specifier)) throw error;
				return own(specifier);
			}
		};
		return Object.assign(load, near) as NodeJS.Require;
	}
}

function canResolve(require: NodeJS.Require, specifier: string): boolean {
	try {
		require.resolve(specifier);
		return true;
	} catch {
		return false;
	}
}

/** `import()` as code in `folder` would call it. No file is needed there for that. */
function importerIn(folder: string): Importer {
	const script = new Script('(specifier, options) => import(specifier, options)', {
		filename: join(folder, 'notebook.js'),
		importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
	});
	return script.runInThisContext() as Importer;
}

/** CommonJS modules which were compiled from ES modules keep their exports, `default` too, on what Node calls `default`. */
function inner(namespace: Namespace): Namespace | null {
	const { default: value } = namespace;
	return (typeof value === 'object' || typeof value === 'function') && value !== null
		? (value as Namespace)
		: null;
}

const has = (namespace: Namespace, name: string): boolean =>
	name in namespace || Boolean(inner(namespace) && name in (inner(namespace) as Namespace));

function exported(namespace: Namespace, name: string): unknown {
	const compiled = inner(namespace);
	if (name === 'default')
		return compiled?.__esModule && 'default' in compiled ? compiled.default : namespace.default;
	return name in namespace ? namespace[name] : compiled?.[name];
}
