import { pathToFileURL } from 'node:url';
import type { CellFolder } from './cell-folder.ts';
import { LanguageServer } from './language-server.ts';

export interface Position {
	/** Counted from 0, as the language server does. */
	readonly line: number;
	/** In UTF-16 units, from 0. */
	readonly character: number;
}

export interface Range {
	readonly start: Position;
	readonly end: Position;
}

export interface TypeDiagnostic {
	readonly range: Range;
	readonly code: number;
	readonly message: string;
	readonly related: readonly string[];
}

export interface Hover {
	/** The declaration as TypeScript writes it, without fences. */
	readonly signature: string;
	readonly documentation: string;
}

export interface Completion {
	readonly label: string;
	/** A `CompletionItemKind` of the protocol. */
	readonly kind: number;
	readonly sortText: string;
	readonly insertText?: string;
	readonly textEdit?: { readonly range?: Range; readonly newText: string };
	readonly data?: unknown;
}

export interface FoundCompletion {
	readonly item: Completion;
	readonly signature: string | null;
	/** Offsets of what it replaces, where the server says so. */
	readonly start: number | null;
	readonly end: number | null;
}

/** The text to look at: what is known from earlier cells, on lines of its own, then the cell. */
export interface CellText {
	readonly prelude: string;
	readonly code: string;
}

export interface Checked {
	readonly errors: readonly TypeDiagnostic[];
	/** What stands at the offsets that were asked about; empty where there are errors. */
	readonly hovers: Promise<readonly (Hover | null)[]>;
}

const ERROR = 1;
const FILE_CREATED = 1;
const FILE_CHANGED = 2;
/** A module without types is one whose values are `any`: reason enough for a remark in an editor, not to run nothing. */
const NO_DECLARATIONS = 7016;

/**
 * Asks the language server about cells. It keeps one document and changes it for each question: opening a document a
 * cell costs ten times as much. Questions therefore wait for one another.
 */
export class Checker {
	private server: LanguageServer;
	private readonly folder: CellFolder;
	private readonly uri: string;
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
	check(text: CellText, offsets: readonly number[]): Promise<Checked> {
		return this.alone(async () => {
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

	/** Completions at an offset that `pick` chooses, in its order; with their types where they are at most so many. */
	complete(
		text: CellText,
		offset: number,
		pick: (items: readonly Completion[]) => readonly Completion[],
		resolveAtMost: number,
	): Promise<readonly FoundCompletion[]> {
		return this.alone(async () => {
			const server = this.live();
			const answer = await server.batch(() => {
				this.show(text);
				return server.request('textDocument/completion', {
					...this.document(),
					position: positionIn(text, offset),
				});
			});
			const items = pick(completionItems(answer));
			const asked = items.length <= resolveAtMost ? items : [];
			const details = await server.batch(() => Promise.all(asked.map((item) => resolveItem(server, item))));
			return items.map((item, index) => ({
				item,
				signature: details[index] ?? null,
				...replacedBy(item, text),
			}));
		});
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
		const changes = files.map(({ path, isNew }) => ({
			uri: pathToFileURL(path).href,
			type: isNew ? FILE_CREATED : FILE_CHANGED,
		}));
		this.server.notify('workspace/didChangeWatchedFiles', { changes });
	}

	/** A server without memories; the next question waits for it. */
	restart(): void {
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

const linesOf = (prelude: string): number => prelude.split('\n').length;

function positionIn(text: CellText, offset: number): Position {
	const before = text.code.slice(0, offset);
	const lineStart = before.lastIndexOf('\n') + 1;
	const line = linesOf(text.prelude) + before.split('\n').length - 1;
	return { line, character: offset - lineStart };
}

function replacedBy({ textEdit }: Completion, text: CellText): { start: number | null; end: number | null } {
	const range = textEdit?.range;
	if (!range) return { start: null, end: null };
	return { start: offsetIn(text, range.start), end: offsetIn(text, range.end) };
}

function offsetIn(text: CellText, { line, character }: Position): number {
	const lines = text.code.split('\n').slice(0, line - linesOf(text.prelude));
	return lines.reduce((sum, { length }) => sum + length + 1, 0) + character;
}

interface ServerDiagnostic {
	readonly range: Range;
	readonly severity?: number;
	readonly code?: number;
	readonly message: string;
	readonly relatedInformation?: readonly { readonly message: string }[];
}

function errorsIn(report: unknown, lineShift: number): TypeDiagnostic[] {
	const { items = [] } = (report ?? {}) as { items?: readonly ServerDiagnostic[] };
	const shift = ({ line, character }: Position): Position => ({ line: line - lineShift, character });
	return items
		.filter(({ severity, code }) => severity === ERROR && code !== NO_DECLARATIONS)
		.map(({ range, code = 0, message, relatedInformation = [] }) => ({
			range: { start: shift(range.start), end: shift(range.end) },
			code,
			message,
			related: relatedInformation.map((related) => related.message),
		}));
}

function hoverOf(answer: unknown): Hover | null {
	const value = (answer as { contents?: { value?: string } } | null)?.contents?.value;
	if (value === undefined) return null;
	const fenced = /^```\w*\n([\s\S]*?)\n```\n?([\s\S]*)$/.exec(value);
	return { signature: withoutAlias(fenced?.[1] ?? value), documentation: fenced?.[2]?.trim() ?? '' };
}

function completionItems(answer: unknown): readonly Completion[] {
	if (Array.isArray(answer)) return answer as Completion[];
	return (answer as { items?: readonly Completion[] } | null)?.items ?? [];
}

async function resolveItem(server: LanguageServer, item: Completion): Promise<string | null> {
	const answer = (await server.request('completionItem/resolve', { ...item })) as { detail?: string } | null;
	return answer?.detail === undefined ? null : withoutAlias(answer.detail);
}

/** That a name was imported says nothing where earlier cells are modules only for the checker. */
const withoutAlias = (signature: string): string => signature.replace(/^\(alias\) /, '');
