import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { dataFolders, findFile } from '../../../stdlib/data/published/folders.ts';
import { UserError } from '../../../stdlib/define.ts';
import { describeCassette, exportCassette, readCassette } from '../../engine/cassette.ts';
import { openStore } from '../../engine/store/store.ts';
import { type NotebookDocument, notebookText } from '../document.ts';
import { type ExecuteNotebookOptions, executeNotebook, type NotebookOutcome } from '../execute.ts';
import { isPlainName, packBytes } from './archive.ts';
import { CASSETTE, DATA, FILES, FORMAT, type Manifest } from './manifest.ts';
import { linkPackages, packagesUsed } from './packages.ts';
import { environmentApart } from './run-apart.ts';
import { refuseSecrets } from './secrets.ts';
import { inStage } from './stage.ts';
import { commonFolder, realNotebook, usedFiles } from './used-files.ts';

export interface MakePackOptions extends Pick<ExecuteNotebookOptions, 'signal' | 'onCell'> {
	/** The notebook's file. */
	readonly path: string;
	readonly params: Readonly<Record<string, string>>;
	/** Files to take along that no cell names. */
	readonly more: readonly string[];
	/** The person's: where the store is, and what keys must not get into the pack. */
	readonly env: NodeJS.ProcessEnv;
	/** Assay's own version. */
	readonly version: string;
}

export type MadePack =
	| {
			readonly status: 'packed';
			readonly bytes: Uint8Array;
			readonly manifest: Omit<Manifest, 'files'>;
			/** Names in the pack. */
			readonly names: readonly string[];
			readonly notes: readonly string[];
	  }
	| Exclude<NotebookOutcome, { status: 'done' }>;

/**
 * Runs a notebook from the store in a copy of its files, without network and without keys, and packs what that took. Its
 * outputs become those of this run. Throws a `UserError` when a key would be packed.
 */
export function makePack(document: NotebookDocument, options: MakePackOptions): Promise<MadePack> {
	return inStage('assay-pack-', (stage) => new PackMaker(document, stage, options).make());
}

class PackMaker {
	private readonly document: NotebookDocument;
	private readonly stage: string;
	private readonly options: MakePackOptions;
	private readonly notebook: string;
	private readonly folder: string;

	constructor(document: NotebookDocument, stage: string, options: MakePackOptions) {
		this.document = document;
		this.stage = stage;
		this.options = options;
		this.notebook = realNotebook(options.path);
		this.folder = dirname(this.notebook);
	}

	async make(): Promise<MadePack> {
		const { files, notes } = usedFiles(this.document, this.folder, this.extraFiles());
		const root = commonFolder([this.notebook, ...files]);
		const nameOf = (path: string): string => relative(root, path).split(sep).join('/');
		const packages = packagesUsed(this.document, this.folder, files);
		const contents = new Map<string, Uint8Array>(
			files.map((path) => [FILES + nameOf(path), readFileSync(path)]),
		);
		// Before anything runs: what a cell's source holds is shown while it does.
		refuseSecrets(new Map([...contents, [FILES + nameOf(this.notebook), this.sources()]]), this.options.env);
		this.write(contents);
		linkPackages(packages, this.folder, join(this.stage, FILES));
		const outcome = await this.run(nameOf(this.notebook));
		if (outcome.status !== 'done') return outcome;
		const recorded = this.recorded();
		const manifest = {
			format: FORMAT,
			notebook: nameOf(this.notebook),
			params: { ...this.options.params },
			...recorded.facts,
			versions: { assay: this.options.version, node: process.versions.node, packages },
		} as const;
		contents.set(FILES + manifest.notebook, Buffer.from(notebookText(this.document)));
		for (const [name, content] of recorded.contents) contents.set(name, content);
		refuseSecrets(contents, this.options.env);
		const names = [...contents.keys()].sort();
		return { status: 'packed', bytes: packBytes(manifest, contents), manifest, names, notes };
	}

	/** The notebook without its outputs. */
	private sources(): Uint8Array {
		const cells = this.document.cells.map((cell) =>
			cell.cell_type === 'code' ? { ...cell, outputs: [] } : cell,
		);
		return Buffer.from(notebookText({ ...this.document, cells }));
	}

	private extraFiles(): string[] {
		return this.options.more.map((name) => {
			const path = resolve(name);
			if (!existsSync(path))
				throw new UserError(`there is no file ${name}`, 'check what stands after --with');
			return join(realpathSync(dirname(path)), path.slice(dirname(path).length + 1));
		});
	}

	private write(contents: ReadonlyMap<string, Uint8Array>): void {
		for (const [name, content] of contents) {
			const target = join(this.stage, name);
			mkdirSync(dirname(target), { recursive: true });
			writeFileSync(target, content);
		}
	}

	private run(notebook: string): Promise<NotebookOutcome> {
		const folder = dirname(join(this.stage, FILES, notebook));
		mkdirSync(folder, { recursive: true });
		const { env, params, signal, onCell } = this.options;
		const store = env.ASSAY_STORE || join(this.folder, '.assay', 'store.db');
		const settings = {
			home: join(this.stage, 'home'),
			params,
			store: existsSync(store) ? store : join(this.stage, 'store.db'),
			record: this.record,
		};
		return executeNotebook(this.document, { folder, env: environmentApart(settings, env), signal, onCell });
	}

	private get record(): string {
		return join(this.stage, 'recorded.jsonl.gz');
	}

	/** The calls and published data that the run used. */
	private recorded(): {
		readonly facts: Pick<Manifest, 'cassette' | 'models' | 'data'>;
		readonly contents: ReadonlyMap<string, Uint8Array>;
	} {
		const contents = new Map<string, Uint8Array>();
		if (!existsSync(this.record)) return { facts: { cassette: null, models: [], data: {} }, contents };
		const { calls, models } = describeCassette(this.record);
		if (calls > 0) contents.set(CASSETTE, this.withoutSecrets());
		const data = JSON.parse(readFileSync(`${this.record}.data.json`, 'utf8')) as Record<string, string>;
		for (const name of Object.keys(data)) {
			const path = existsSync(resolve(this.folder, name))
				? null
				: findFile(name, dataFolders(this.options.env));
			if (path && isPlainName(DATA + name)) contents.set(DATA + name, readFileSync(path));
		}
		const cassette = calls > 0 ? { calls } : null;
		return { facts: { cassette, models: models as Manifest['models'], data }, contents };
	}

	/** The kernel had no keys, so it could not know them: written anew here, where they are known. */
	private withoutSecrets(): Uint8Array {
		const clean = join(this.stage, CASSETTE);
		const store = openStore(':memory:', { cassettes: [this.record] });
		try {
			exportCassette(store, clean, () => [...readCassette(this.record)].map(({ key }) => key));
		} finally {
			store.close();
		}
		return readFileSync(clean);
	}
}
