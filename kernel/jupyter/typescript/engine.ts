import { resolve } from 'node:path';
import type {
	CellCompletions,
	CellError,
	CellOutput,
	CellRequest,
	CellResult,
	Completeness,
	DisplayData,
	NotebookEngine,
} from '../contracts.ts';
import { outputOtherwise } from '../current-output.ts';
import { cellScope } from '../scope.ts';
import { CellFolder } from './cell-folder.ts';
import { Checker, type Hover } from './checker.ts';
import { type CellSource, type ErrorPlaces, thrownError, typeErrors } from './errors.ts';
import { type Execution, Executor } from './executor.ts';
import { KnownNames } from './known-names.ts';
import { LanguageServer } from './language-server.ts';
import { ModuleLoader } from './module-loader.ts';
import { presentValue } from './present-value.ts';
import { parseCell } from './syntax.ts';
import { type DeclaredName, type RunnableCell, transformCell } from './transform.ts';

export interface TypeScriptEngineOptions {
	/** The notebook's folder: what imports and files are relative to. */
	readonly folder: string;
	/** How particular values are shown; null for the values that it does not know. */
	readonly present?: (value: unknown) => DisplayData | null | Promise<DisplayData | null>;
	/** Where code that no cell's scope reaches shows its output. */
	readonly output?: () => CellOutput;
	/** A server that was started earlier, so that it gets ready while other things load. */
	readonly server?: LanguageServer;
}

/** Starts the type checker and returns at once; the first cell waits for what is not ready. */
export function createTypeScriptEngine(options: TypeScriptEngineOptions): TypeScriptEngine {
	return new TypeScriptEngine(options);
}

export class TypeScriptEngine implements NotebookEngine {
	private readonly folder: string;
	private readonly checker: Checker;
	private readonly names: KnownNames;
	private readonly executor: Executor;
	private readonly modules: ModuleLoader;
	private readonly present: NonNullable<TypeScriptEngineOptions['present']>;
	private readonly sources = new Map<string, CellSource>();
	private readonly places: ErrorPlaces;
	/** What earlier cells declare is noted after their replies; the next check waits for it. */
	private noted: Promise<unknown> = Promise.resolve();

	constructor({
		folder,
		output,
		present = () => null,
		server = new LanguageServer(),
	}: TypeScriptEngineOptions) {
		if (output) outputOtherwise(output);
		this.folder = resolve(folder);
		const cells = new CellFolder(this.folder);
		this.checker = new Checker(cells, server);
		this.checker.warm({ prelude: '', code: 'Math.max(1);' });
		this.names = new KnownNames(cells);
		this.modules = new ModuleLoader(this.folder);
		this.executor = new Executor(this.modules);
		this.present = present;
		this.places = { folder: this.folder, cell: (name) => this.sources.get(name) };
	}

	async execute(request: CellRequest): Promise<CellResult> {
		const interrupted = interruption(request.signal);
		try {
			return await Promise.race([this.checkAndRun(request), interrupted.error]);
		} catch (error) {
			return thrownError(error, this.places);
		} finally {
			interrupted.release();
		}
	}

	private async checkAndRun(request: CellRequest): Promise<CellResult> {
		const { code, executionCount, output } = request;
		const name = `Cell [${executionCount}]`;
		await this.noted;
		const prepared = this.prepare(code);
		const declared = prepared.cell?.declared ?? [];
		const text = {
			code,
			prelude: this.names.prelude(
				code,
				declared.map((one) => one.name),
			),
		};
		const asked = declared.filter(isAsked);
		const { errors, hovers } = await this.checker.check(
			text,
			asked.map(({ offset }) => offset as number),
		);
		if (errors.length > 0) return typeErrors(name, code, errors);
		if (!prepared.cell) throw prepared.error;
		this.sources.set(name, { code, toSource: prepared.cell.toSource });
		const { cell } = prepared;
		const execution = cellScope.run(output, () => this.executor.run(cell, name));
		try {
			const box = await execution.value;
			return { status: 'ok', result: box ? await presentValue(box[0], this.present) : null };
		} finally {
			this.noted = this.note(text, declared, execution, hovers);
		}
	}

	private prepare(code: string): { readonly cell: RunnableCell | null; readonly error: unknown } {
		try {
			return { cell: transformCell(parseCell(code), this.executor), error: null };
		} catch (error) {
			return { cell: null, error };
		}
	}

	private async note(
		text: { readonly code: string; readonly prelude: string },
		declared: readonly DeclaredName[],
		{ done }: Execution,
		pending: Promise<readonly (Hover | null)[]>,
	): Promise<void> {
		const hovers = await pending.catch(() => []);
		const asked = declared.filter(isAsked);
		const hoverOf = (one: DeclaredName): Hover | null => hovers[asked.indexOf(one)] ?? null;
		const known = declared.filter(({ name, kind }) => kind === 'type' || kind === 'import' || done.has(name));
		this.names.commit(text, known, known.map(hoverOf));
	}

	async evaluate(expression: string): Promise<CellResult> {
		try {
			const { cell, error } = this.prepare(expression);
			if (!cell) throw error;
			const box = await this.executor.run(cell, 'Cell [0]').value;
			return { status: 'ok', result: box ? await presentValue(box[0], this.present) : null };
		} catch (error) {
			return thrownError(error, this.places);
		}
	}

	describe(thrown: unknown): CellError {
		return thrownError(thrown, this.places);
	}

	terminated(): void {
		this.checker.abandon();
		this.noted = Promise.resolve();
	}

	async complete(_code: string, offset: number): Promise<CellCompletions> {
		return { start: offset, end: offset, items: [] };
	}

	async inspect(_code: string, _offset: number, _detail: 0 | 1): Promise<DisplayData | null> {
		return null;
	}

	async isComplete(_code: string): Promise<Completeness> {
		return { status: 'unknown' };
	}

	async close(): Promise<void> {
		this.executor.close();
		this.checker.close();
	}
}

const isAsked = ({ offset, literalType }: DeclaredName): boolean => offset !== null && literalType === null;

function interruption(signal: AbortSignal): { readonly error: Promise<CellError>; release(): void } {
	let release = (): void => {};
	const error = new Promise<CellError>((settle) => {
		const interrupt = (): void =>
			settle({
				status: 'error',
				ename: 'Interrupted',
				evalue: 'the cell was interrupted',
				traceback: ['Interrupted: the cell was interrupted'],
			});
		if (signal.aborted) interrupt();
		signal.addEventListener('abort', interrupt);
		release = () => signal.removeEventListener('abort', interrupt);
	});
	return { error, release };
}
