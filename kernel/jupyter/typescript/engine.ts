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
import type { Checked, Checker } from './checker.ts';
import { completenessOf } from './completeness.ts';
import { completeCell, wordBefore } from './completion.ts';
import { kindOfGlobal } from './completion-kind.ts';
import { type CellSource, type ErrorPlaces, syntaxError, thrownError, typeErrors } from './errors.ts';
import { Executor } from './executor.ts';
import { FileErrors } from './file-errors.ts';
import { inspectCell } from './inspection.ts';
import { type CellContext, type CellModule, KnownNames } from './known-names.ts';
import { durationText, HELP, readMagic, withoutMagic } from './magics.ts';
import { ModuleLoader } from './module-loader.ts';
import { openChecker } from './open-checker.ts';
import { presentValue } from './present-value.ts';
import type { Hover } from './server-answers.ts';
import { CellSyntaxError, parseCell } from './syntax.ts';
import { type DeclaredName, declaredRoughly, type RunnableCell, transformCell } from './transform.ts';

export interface TypeScriptEngineOptions {
	/** The notebook's folder: what imports and files are relative to. */
	readonly folder: string;
	/** How particular values are shown; null for the values that it does not know. */
	readonly present?: (value: unknown) => DisplayData | null | Promise<DisplayData | null>;
	/** Where code that no cell's scope reaches shows its output. */
	readonly output?: () => CellOutput;
}

/** A cell whose code has begun to run. */
interface RunningCell {
	readonly context: CellContext;
	readonly declared: readonly DeclaredName[];
	readonly hovers: Promise<readonly (Hover | null)[]>;
	/** Names that have their values by now. */
	readonly done: Set<string>;
}

/** Starts the type checker and returns at once; the first cell waits for what is not ready. */
export function createTypeScriptEngine(options: TypeScriptEngineOptions): TypeScriptEngine {
	return new TypeScriptEngine(options);
}

export class TypeScriptEngine implements NotebookEngine {
	private readonly folder: string;
	private readonly checker: Checker;
	private readonly names: KnownNames;
	private readonly fileErrors: FileErrors;
	private readonly executor: Executor;
	private readonly modules: ModuleLoader;
	private readonly present: NonNullable<TypeScriptEngineOptions['present']>;
	private readonly sources = new Map<string, CellSource>();
	private readonly places: ErrorPlaces;
	/** What earlier cells declare is noted after their replies; the next check waits for it. */
	private noted: Promise<unknown> = Promise.resolve();
	private running: RunningCell | null = null;

	constructor({ folder, output, present = () => null }: TypeScriptEngineOptions) {
		if (output) outputOtherwise(output);
		this.folder = resolve(folder);
		const { cells, checker } = openChecker(this.folder);
		this.checker = checker;
		this.fileErrors = new FileErrors(checker, this.folder);
		this.names = new KnownNames(cells);
		this.modules = new ModuleLoader(this.folder);
		this.executor = new Executor(this.modules);
		this.present = present;
		this.places = { folder: this.folder, cell: (name) => this.sources.get(name) };
	}

	async execute(request: CellRequest): Promise<CellResult> {
		const interrupted = interruption(request.signal, () => this.finish(this.running));
		try {
			return await Promise.race([this.checkAndRun(request), interrupted.error]);
		} catch (error) {
			return thrownError(error, this.places);
		} finally {
			interrupted.release();
		}
	}

	private async checkAndRun(request: CellRequest): Promise<CellResult> {
		const { magic, code } = readMagic(request.code);
		if (magic === 'help') request.output.stream('stdout', HELP);
		const started = performance.now();
		const result = await this.runChecked(code, request);
		if (magic === 'time')
			request.output.stream('stdout', `took ${durationText(performance.now() - started)}\n`);
		return result;
	}

	private async runChecked(code: string, request: CellRequest): Promise<CellResult> {
		const filename = `Cell [${request.executionCount}]`;
		await this.settled();
		const { cell, error } = this.prepare(code);
		const declared = cell?.declared ?? [];
		const context = this.names.before(
			code,
			declared.map(({ name }) => name),
		);
		const { errors, hovers } = cell?.isPlain ? NOTHING_WRONG : await this.check(context, declared);
		if (errors.length > 0) return typeErrors(filename, code, errors);
		if (error instanceof CellSyntaxError) return syntaxError(filename, code, error);
		if (!cell) throw error;
		await this.tellOfFiles(context, request.output);
		request.signal.throwIfAborted();
		this.sources.set(filename, { code, toSource: cell.toSource });
		return this.run(cell, filename, { context, declared, hovers, done: new Set() }, request.output);
	}

	private async run(
		cell: RunnableCell,
		filename: string,
		running: RunningCell,
		output: CellOutput,
	): Promise<CellResult> {
		const { hovers, declared, done } = running;
		const isType = async (name: string): Promise<boolean> => isTypeHover(await hovers, declared, name);
		this.running = running;
		try {
			const box = await cellScope.run(output, () => this.executor.run(cell, { filename, done, isType }));
			return { status: 'ok', result: box ? await presentValue(box[0], this.present) : null };
		} finally {
			this.finish(running);
		}
	}

	/** Notes what a cell has declared by now: when it ends, or when it is interrupted and may never end. */
	private finish(running: RunningCell | null): void {
		if (running === null || this.running !== running) return;
		this.running = null;
		const noted = Promise.all([this.noted, this.note(running)]);
		noted.catch(() => {});
		this.noted = noted;
	}

	private async check(context: CellContext, declared: readonly DeclaredName[]): Promise<Checked> {
		const offsets = declared.filter(isAsked).map(({ offset }) => offset as number);
		this.checker.filesChanged(this.modules.changedFiles(context.code));
		const checked = await this.checker.check(context, offsets);
		const missing = checked.errors.flatMap(({ code, message }) =>
			code === MODULE_NOT_FOUND ? [/'([^']+)'/.exec(message)?.[1] ?? ''] : [],
		);
		// The server remembers what was not there; packages get installed while a notebook is open.
		if (!missing.some((specifier) => this.modules.isInstalled(specifier))) return checked;
		this.checker.restart();
		return this.checker.check(context, offsets);
	}

	/** Files have settings of their own, which cells do not know: what is wrong in them is told, and the cell runs. */
	private async tellOfFiles(context: CellContext, output: CellOutput): Promise<void> {
		const errors = await this.fileErrors.in(context, this.modules.typeScriptFiles(context.code));
		if (errors !== '') output.stream('stderr', `${errors}\n`);
	}

	/** Waits until what earlier cells declare is noted. A failure of that is told once. */
	private async settled(): Promise<void> {
		const { noted } = this;
		try {
			await noted;
		} finally {
			if (this.noted === noted) this.noted = Promise.resolve();
		}
	}

	private prepare(code: string): { readonly cell: RunnableCell | null; readonly error: unknown } {
		try {
			return { cell: transformCell(parseCell(code), this.executor), error: null };
		} catch (error) {
			return { cell: null, error };
		}
	}

	private async note({ context, declared, done, hovers: pending }: RunningCell): Promise<void> {
		const hovers = await pending.catch(() => []);
		const asked = declared.filter(isAsked);
		const hoverOf = (one: DeclaredName): Hover | null => hovers[asked.indexOf(one)] ?? null;
		const known = declared.filter(({ name, kind }) => kind === 'type' || done.has(name));
		const keepsMore = this.names.commit(context, known, known.map(hoverOf));
		if (keepsMore) this.checker.warm(this.names.before('', []));
	}

	/**
	 * Makes a value known to later cells. `declaration` is ambient: `declare const n: number;`. `read` is called when
	 * the name is first used.
	 */
	declareName(name: string, declaration: string, read: () => unknown): void {
		this.names.announce(name, declaration);
		this.executor.giveLazily(name, read);
	}

	/** The process that checks types. */
	get checkerPid(): number | undefined {
		return this.checker.pid;
	}

	/** The value that a name has in the cells; undefined where no cell has declared it. */
	valueOf(name: string): unknown {
		return this.executor.valueOf(name);
	}

	/** The cell that declares a name, as a module that stands for itself; null where none does. */
	async moduleOf(name: string): Promise<CellModule | null> {
		await this.settled();
		return this.names.moduleOf(name);
	}

	async evaluate(expression: string): Promise<CellResult> {
		try {
			const { cell, error } = this.prepare(expression);
			if (!cell) throw error;
			const box = await this.executor.run(cell, {
				filename: 'Cell [0]',
				done: new Set(),
				isType: async () => false,
			});
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
		this.finish(this.running);
	}

	async complete(code: string, offset: number): Promise<CellCompletions> {
		await this.settled();
		const kindOf = (name: string): string | null => this.names.kindOf(name) ?? kindOfGlobal(name);
		return completeCell(this.checker, this.typed(code, wordBefore(code, offset)), offset, kindOf);
	}

	async inspect(code: string, offset: number, detail: 0 | 1): Promise<DisplayData | null> {
		await this.settled();
		const sourceOf = (name: string): string | null => this.sourceOf(name);
		return inspectCell(this.checker, this.typed(code), offset, detail === 1 ? sourceOf : null);
	}

	async isComplete(code: string): Promise<Completeness> {
		return completenessOf(this.checker, { prelude: '', code: withoutMagic(code) });
	}

	/** A cell that is being typed: it may not parse, and the word at the cursor may become any name. */
	private typed(code: string, prefix = ''): CellContext {
		const plain = withoutMagic(code);
		const lower = prefix.toLowerCase();
		const begun = this.names.all().filter(({ name }) => lower !== '' && name.toLowerCase().startsWith(lower));
		return this.names.before(
			plain,
			declaredRoughly(plain),
			begun.map(({ name }) => name),
		);
	}

	/** The cell that declares a name, or a function as JavaScript. */
	private sourceOf(name: string): string | null {
		const declaring = this.names.codeOf(name);
		if (declaring) return declaring;
		const value = this.executor.valueOf(name) ?? Reflect.get(globalThis, name);
		if (typeof value !== 'function') return null;
		const text = Function.prototype.toString.call(value);
		return text.includes('[native code]') ? null : text;
	}

	async close(): Promise<void> {
		await this.noted.catch(() => {});
		this.executor.close();
		this.modules.close();
		this.checker.close();
	}
}

const MODULE_NOT_FOUND = 2307;

const NOTHING_WRONG: Checked = { errors: [], hovers: Promise.resolve([]) };

/** Whether TypeScript says of a declared name that it is only a type. */
function isTypeHover(
	hovers: readonly (Hover | null)[],
	declared: readonly DeclaredName[],
	name: string,
): boolean {
	const index = declared.filter(isAsked).findIndex((one) => one.name === name);
	return /^(?:interface|type) /.test(hovers[index]?.signature ?? '');
}

const isAsked = ({ offset, literalType }: DeclaredName): boolean => offset !== null && literalType === null;

function interruption(
	signal: AbortSignal,
	onInterrupt: () => void,
): { readonly error: Promise<CellError>; release(): void } {
	let release = (): void => {};
	const error = new Promise<CellError>((settle) => {
		const interrupt = (): void => {
			onInterrupt();
			settle({
				status: 'error',
				ename: 'Interrupted',
				evalue: 'the cell was interrupted',
				traceback: ['Interrupted: the cell was interrupted'],
			});
		};
		if (signal.aborted) interrupt();
		signal.addEventListener('abort', interrupt);
		release = () => signal.removeEventListener('abort', interrupt);
	});
	return { error, release };
}
