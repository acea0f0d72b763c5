import { pathToFileURL } from 'node:url';
import type { CellFolder } from './cell-folder.ts';
import { LanguageServer } from './language-server.ts';
import { Recent } from './recent.ts';
import {
	type CellText,
	type Completion,
	completionItems,
	errorsIn,
	type FoundCompletion,
	type Hover,
	hoverOf,
	linesOf,
	positionIn,
	replacedBy,
	type TypeDiagnostic,
	withoutAlias,
} from './server-answers.ts';

export interface Checked {
	readonly errors: readonly TypeDiagnostic[];
	/** What stands at the offsets that were asked about; empty where there are errors. */
	readonly hovers: Promise<readonly (Hover | null)[]>;
}

const FILE_CREATED = 1;
const FILE_CHANGED = 2;
/** So many answers about whole cells are kept: a cell that is run again is not checked again. */
const CHECKS_KEPT = 50;

export interface CompletionChoice {
	/** Null where the list depends on more than the place, as in a string. */
	readonly key: string | null;
	readonly pick: (items: readonly Completion[]) => readonly Completion[];
	readonly resolveAtMost: number;
}

/** Completions at a place, whatever word is being typed there. */
interface CompletionList {
	readonly key: string;
	readonly text: CellText;
	readonly items: readonly Completion[];
	/** Types that were asked for, by label. */
	readonly signatures: Map<string, string | null>;
}

/**
 * Asks the language server about cells. It keeps one document and changes it for each question: opening a document a
 * cell costs ten times as much. Questions therefore wait for one another.
 */
export class Checker {
	private server: LanguageServer;
	private readonly folder: CellFolder;
	private readonly uri: string;
	private readonly checks = new Recent<string, Checked>(CHECKS_KEPT);
	private list: CompletionList | null = null;
	private closed = false;
	private version = 0;
	private shown: string | null = null;
	private last: Promise<unknown> = Promise.resolve();
	private held: Promise<unknown> = Promise.resolve();

	constructor(folder: CellFolder, server: LanguageServer) {
		this.folder = folder;
		this.uri = folder.cellUri;
		this.server = server;
		this.open();
	}

	get pid(): number | undefined {
		return this.server.pid;
	}

	/** Errors of a cell, and what TypeScript says about the names at `offsets` when there are none. */
	async check(text: CellText, offsets: readonly number[]): Promise<Checked> {
		const key = `${offsets.join()}\0${text.prelude}\n${text.code}`;
		const known = this.checks.get(key);
		if (known) return known;
		const checked = await this.alone(() => this.checkNow(text, offsets));
		if (checked.errors.length === 0) this.checks.set(key, checked);
		return checked;
	}

	private async checkNow(text: CellText, offsets: readonly number[]): Promise<Checked> {
		const server = this.live();
		const report = await server.batch(() => {
			this.show(text);
			return server.request('textDocument/diagnostic', this.document());
		});
		const errors = errorsIn(report, linesOf(text.prelude));
		if (errors.length > 0 || offsets.length === 0) return { errors, hovers: Promise.resolve([]) };
		const hovers = server.batch(() =>
			Promise.all(offsets.map((offset) => this.hoverAt(server, text, offset))),
		);
		// The document must stay as it is until they are answered; nobody else needs to wait.
		this.held = hovers.catch(() => {});
		return { errors, hovers };
	}

	/** Errors in files that a cell imports, by their absolute paths, in that order. */
	checkFiles(text: CellText, paths: readonly string[]): Promise<readonly (readonly TypeDiagnostic[])[]> {
		return this.alone(async () => {
			const server = this.live();
			const reports = await server.batch(() => {
				this.show(text);
				const uris = paths.map((path) => pathToFileURL(path).href);
				return Promise.all(
					uris.map((uri) => server.request('textDocument/diagnostic', { textDocument: { uri } })),
				);
			});
			return reports.map((report) => errorsIn(report, 0));
		});
	}

	hover(text: CellText, offset: number): Promise<Hover | null> {
		return this.alone(() => {
			const server = this.live();
			return server.batch(() => {
				this.show(text);
				return this.hoverAt(server, text, offset);
			});
		});
	}

	/**
	 * Completions at an offset that `pick` chooses, in its order; with their types where they are at most so many. `key`
	 * is the text without the word at the offset: while a word is typed, what can stand there stays the same.
	 */
	complete(
		text: CellText,
		offset: number,
		{ key, pick, resolveAtMost }: CompletionChoice,
	): Promise<readonly FoundCompletion[]> {
		return this.alone(async () => {
			const list = await this.listAt(text, offset, key && `${text.prelude}\0${key}`);
			const items = pick(list.items);
			if (items.length <= resolveAtMost) await this.resolveIn(list, items);
			return items.map((item) => ({
				item,
				signature: list.signatures.get(item.label) ?? null,
				...replacedBy(item, text),
			}));
		});
	}

	private async listAt(text: CellText, offset: number, key: string | null): Promise<CompletionList> {
		if (key !== null && this.list?.key === key) return this.list;
		const server = this.live();
		const answer = await server.batch(() => {
			this.show(text);
			const position = positionIn(text, offset);
			return server.request('textDocument/completion', { ...this.document(), position });
		});
		const list = { key: key ?? '', text, items: completionItems(answer), signatures: new Map() };
		this.list = key === null ? null : list;
		return list;
	}

	private async resolveIn({ text, signatures }: CompletionList, items: readonly Completion[]): Promise<void> {
		const unknown = items.filter(({ label }) => !signatures.has(label));
		if (unknown.length === 0) return;
		const server = this.live();
		const found = await server.batch(() => {
			this.show(text);
			return Promise.all(unknown.map((item) => resolveItem(server, item)));
		});
		for (const [index, { label }] of unknown.entries()) signatures.set(label, found[index] ?? null);
	}

	/** Looks at a text before anyone asks, so that the files which it refers to are read by then. */
	warm(text: CellText): void {
		void this.alone(async () => {
			const server = this.live();
			await server.batch(() => {
				this.show(text);
				return server.request('textDocument/diagnostic', this.document());
			});
		}).catch(() => {});
	}

	/** Tells the server that files on disk are not what they were. */
	filesChanged(files: readonly { readonly path: string; readonly isNew: boolean }[]): void {
		if (files.length === 0) return;
		this.forget();
		const changes = files.map(({ path, isNew }) => ({
			uri: pathToFileURL(path).href,
			type: isNew ? FILE_CREATED : FILE_CHANGED,
		}));
		this.server.notify('workspace/didChangeWatchedFiles', { changes });
	}

	/** A server without memories; the next question waits for it. */
	restart(): void {
		this.forget();
		this.server.close();
	}

	/** Forgets what is in progress: after code was ended from outside, continuations may have been dropped. */
	abandon(): void {
		this.last = Promise.resolve();
		this.held = Promise.resolve();
	}

	close(): void {
		this.closed = true;
		this.server.close();
		this.folder.delete();
	}

	private forget(): void {
		this.checks.clear();
		this.list = null;
	}

	private alone<T>(work: () => Promise<T>): Promise<T> {
		const mine = this.last.then(() => this.persistently(work));
		this.last = mine.catch(() => {}).then(() => this.held);
		return mine;
	}

	/** A server that ends in the middle of a question is replaced and asked again, once. */
	private async persistently<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			if (this.server.alive || this.closed) throw error;
			return work();
		}
	}

	private live(): LanguageServer {
		if (this.server.alive) return this.server;
		this.server = new LanguageServer();
		this.open();
		return this.server;
	}

	private open(): void {
		void this.server
			.request('initialize', {
				processId: process.pid,
				rootUri: this.uri.replace(/\/cell\.ts$/, ''),
				initializationOptions: { disablePushDiagnostics: true, logVerbosity: 0 },
				capabilities: {
					workspace: { configuration: true },
					textDocument: {
						diagnostic: { relatedInformation: true },
						completion: { completionItem: { resolveSupport: { properties: ['detail'] } } },
						hover: { contentFormat: ['markdown'] },
					},
				},
			})
			.catch(() => {});
		this.server.notify('initialized', {});
		this.shown = null;
	}

	private show(text: CellText): void {
		const full = `${text.prelude}\n${text.code}`;
		this.version += 1;
		if (this.shown === null)
			this.server.notify('textDocument/didOpen', {
				textDocument: { uri: this.uri, languageId: 'typescript', version: this.version, text: full },
			});
		else if (this.shown !== full)
			this.server.notify('textDocument/didChange', {
				textDocument: { uri: this.uri, version: this.version },
				contentChanges: [{ text: full }],
			});
		this.shown = full;
	}

	private document(): { textDocument: { uri: string } } {
		return { textDocument: { uri: this.uri } };
	}

	private async hoverAt(server: LanguageServer, text: CellText, offset: number): Promise<Hover | null> {
		const position = positionIn(text, offset);
		const answer = await server.request('textDocument/hover', { ...this.document(), position });
		return hoverOf(answer);
	}
}

async function resolveItem(server: LanguageServer, item: Completion): Promise<string | null> {
	const answer = (await server.request('completionItem/resolve', { ...item })) as { detail?: string } | null;
	return answer?.detail === undefined ? null : withoutAlias(answer.detail);
}
