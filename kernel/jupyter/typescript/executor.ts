import { Script } from 'node:vm';
import type { ModuleLoader } from './module-loader.ts';
import { isMissing } from './module-path.ts';
import type { CellImport, GlobalNames, RunnableCell } from './transform.ts';

/** What a cell's code is given as `__cell`. */
interface CellScope {
	readonly import: (specifier: string, options?: ImportCallOptions) => Promise<unknown>;
	readonly meta: object;
	/** Where cells' names live. */
	readonly globals: object;
	readonly shadowed: Readonly<Record<string, unknown>>;
	shadow(name: string, value: unknown): void;
	did(name: string): void;
	named(value: object, name: string): object;
}

type CellFunction = (scope: CellScope) => Promise<[unknown] | undefined>;

export interface RunOptions {
	/** The name under which errors point into the cell. */
	readonly filename: string;
	/** Is given each name as it gets its value, so that those of a cell that fails or is ended are known. */
	readonly done: Set<string>;
	/** Whether an imported name is only a type, asked when its module cannot be loaded. */
	readonly isType: (name: string) => Promise<boolean>;
}

/** Runs transformed cells in this thread's global scope, where their names live as properties of `globalThis`. */
export class Executor implements GlobalNames {
	private readonly protectedNames: ReadonlySet<string>;
	private readonly shadowed: Record<string, unknown> = Object.create(null);
	private readonly mine = new Set<string>();
	private readonly captured = new Set<string>();
	private readonly modules: ModuleLoader;

	constructor(modules: ModuleLoader) {
		this.modules = modules;
		this.protectedNames = nodeNames();
		this.give('require', modules.require);
	}

	isProtected(name: string): boolean {
		return this.protectedNames.has(name);
	}

	isShadowed(name: string): boolean {
		return name in this.shadowed;
	}

	isVariable(name: string): boolean {
		return this.mine.has(name) && Object.getOwnPropertyDescriptor(globalThis, name)?.writable === true;
	}

	isCaptured(name: string): boolean {
		return this.captured.has(name);
	}

	/** The value of the last expression, in a box as it may be a promise; null where the last statement is none. */
	async run(cell: RunnableCell, { filename, done, isType }: RunOptions): Promise<readonly [unknown] | null> {
		const script = new Script(cell.code, { filename, lineOffset: -1 });
		for (const one of cell.imports) {
			for (const [name, value] of await this.valuesOf(one, isType)) this.take(name, value);
			for (const { local } of one.names) done.add(local);
		}
		for (const { name, kind } of cell.declared) if (kind !== 'type' && kind !== 'import') this.reserve(name);
		for (const name of cell.captured) this.captured.add(name);
		const run = script.runInThisContext() as CellFunction;
		return (await run(this.scope(done))) ?? null;
	}

	/** A value for a name from outside; with `lazy` it is made when first asked for. */
	give(name: string, value: unknown): void {
		Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
		this.mine.add(name);
	}

	giveLazily(name: string, make: () => unknown): void {
		Object.defineProperty(globalThis, name, {
			get: () => {
				const value = make();
				this.give(name, value);
				return value;
			},
			set: (value: unknown) => this.give(name, value),
			configurable: true,
			enumerable: true,
		});
		this.mine.add(name);
	}

	/** The value of a name of the notebook; undefined where there is none. */
	valueOf(name: string): unknown {
		if (name in this.shadowed) return this.shadowed[name];
		return this.mine.has(name) ? (globalThis as Record<string, unknown>)[name] : undefined;
	}

	/** Takes every name of the notebook out of the global scope. */
	close(): void {
		for (const name of this.mine) delete (globalThis as Record<string, unknown>)[name];
		this.mine.clear();
	}

	/** A package of types alone, such as `plotly.js` without its code, cannot be loaded and need not be. */
	private async valuesOf(
		one: CellImport,
		isType: (name: string) => Promise<boolean>,
	): Promise<Map<string, unknown>> {
		try {
			return await this.modules.importNames(one);
		} catch (error) {
			if (one.names.length === 0 || !isMissing(error, one.specifier)) throw error;
			const types = await Promise.all(one.names.map(({ local }) => isType(local)));
			if (types.includes(false)) throw error;
			return new Map();
		}
	}

	private scope(done: Set<string>): CellScope {
		return {
			import: (specifier, options) => this.modules.import(specifier, options),
			meta: this.modules.meta(),
			globals: globalThis,
			shadowed: this.shadowed,
			shadow: (name, value) => {
				this.shadowed[name] = value;
			},
			did: (name) => done.add(name),
			named: (value, name) => Object.defineProperty(value, 'name', { value: name, configurable: true }),
		};
	}

	private take(name: string, value: unknown): void {
		if (this.isProtected(name)) this.shadowed[name] = value;
		else this.give(name, value);
	}

	/** In strict code a global must exist to be assigned to. It keeps what an earlier cell gave it until then. */
	private reserve(name: string): void {
		if (this.isProtected(name)) return;
		const existing = Object.getOwnPropertyDescriptor(globalThis, name);
		if (!existing?.writable && !existing?.set) this.give(name, undefined);
		this.mine.add(name);
	}
}

/** What Node and the language have in the global scope before any cell. */
function nodeNames(): ReadonlySet<string> {
	const names = new Set(['__cell', 'globalThis', 'undefined', 'NaN', 'Infinity']);
	for (let at: object | null = globalThis; at; at = Object.getPrototypeOf(at))
		for (const name of Object.getOwnPropertyNames(at)) names.add(name);
	return names;
}
