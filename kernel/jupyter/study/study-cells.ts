import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Declaration } from '../../../dsl/ast.ts';
import type { Diagnostic } from '../../../dsl/diagnostics/diagnostic.ts';
import type { UsedModule } from '../../../dsl/needs.ts';
import { parse } from '../../../dsl/parser/parser.ts';
import type { Plan } from '../../../dsl/plan/plan.ts';
import { Workspace } from '../../../dsl/service/workspace.ts';
import { UserError } from '../../../stdlib/define.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { loadPrices } from '../../engine/calls/prices.ts';
import { exportCassette } from '../../engine/cassette.ts';
import { type RunResult, run } from '../../engine/run.ts';
import { openStore, type Store } from '../../engine/store/store.ts';
import { compileStudy, fetchNeed } from '../../study/compile.ts';
import { loadModules } from '../../study/modules.ts';
import type { CellOutput, CellRequest, CellResult } from '../contracts.ts';
import { ProgressDisplay } from './progress-display.ts';
import { StaleNames } from './stale-names.ts';
import { diagnosticsError, failureError } from './study-error.ts';
import { showResults } from './study-results.ts';
import { typeScriptOf } from './typescript-type.ts';

/** What study cells need of the TypeScript cells around them. */
export interface TypeScriptNames {
	/** Functions of earlier cells by name, their signatures in Assay's types. Throws a `UserError`. */
	functions(names: readonly string[]): Promise<UsedModule>;
	/** The function itself, when the study calls it. */
	function(name: string): ((...args: never[]) => unknown) | null;
	/** Makes a value known to later cells under its name and TypeScript type; read when it is first used. */
	declare(name: string, type: string, read: () => unknown): void;
}

export interface StudyOptions {
	/** The notebook's folder: paths in cells start there, and the store lies in it. */
	readonly folder: string;
	readonly names: TypeScriptNames;
	/** Values of params as text, from `--set`. */
	readonly params?: Readonly<Record<string, string>>;
	/** A file other than `.assay/store.db` in the folder, and cassettes to read besides it. */
	readonly storePath?: string | null;
	readonly cassettes?: readonly string[];
	/** `replay` makes no call: what the store and the cassettes lack fails. */
	readonly mode?: 'live' | 'replay';
	/**
	 * A cassette that is written with the calls behind every result, anew after each cell; beside it, as `….data.json`, the
	 * hashes of the data and weights that went into them by name.
	 */
	readonly record?: string | null;
}

/** The study of a notebook: its `%%assay` cells are one growing program, and running one runs what it declares. */
export class StudyCells {
	private readonly options: StudyOptions;
	private workspace = new Workspace({ library: standardLibrary });
	private readonly stale = new StaleNames();
	private openedStore: Store | null = null;
	private cellCount = 0;
	private readonly usedKeys = new Set<string>();
	private readonly usedData: Record<string, string> = {};

	constructor(options: StudyOptions) {
		this.options = options;
	}

	/** The cells as one program, for completion and hover. */
	get program(): Workspace {
		return this.workspace;
	}

	get store(): Store {
		this.openedStore ??= openStore(
			this.options.storePath ?? join(this.options.folder, '.assay', 'store.db'),
			{
				cassettes: this.options.cassettes ?? [],
			},
		);
		return this.openedStore;
	}

	async execute(code: string, request: CellRequest): Promise<CellResult> {
		const cell = { id: `Cell [${request.executionCount}] ${this.cellCount++}`, text: code };
		const compiled = await this.compile(cell, this.workspace);
		if (compiled.kind === 'problems')
			return diagnosticsError(cell, request.executionCount, compiled.diagnostics);
		const { plan, workspace, module } = compiled;
		this.workspace = workspace;
		const names = parse(code).program.declarations.flatMap(namesOf);
		const result = await this.run(plan, names, module, request);
		this.declareNames(plan, names, result);
		await showResults({ plan, names, result, output: request.output });
		this.stale.ran(plan, names);
		this.record(plan);
		const left = this.stale.in(plan);
		if (left.length > 0) request.output.stream('stderr', staleSentence(left));
		const lacksCalls = result.failures.some(({ code }) => code === 'not-in-cassette');
		return result.outcome === 'failed' || result.outcome === 'interrupted' || lacksCalls
			? failureError(plan, result)
			: { status: 'ok', result: null };
	}

	/** The plan of all cells so far, with the functions that it uses: what `%assay plan` shows. */
	async plan() {
		const { request, used } = this.request(this.workspace.text);
		const { plan, diagnostics } = await compileStudy(request);
		return plan
			? { kind: 'plan' as const, plan, modules: await this.modules(plan, used.module) }
			: { kind: 'problems' as const, diagnostics };
	}

	/** Completion in a cell that is being typed. */
	async draft(code: string): Promise<{ readonly workspace: Workspace; readonly id: string }> {
		const workspace = this.workspace.fork();
		const id = 'draft';
		workspace.set(id, code);
		const { request } = this.request('');
		for (const need of workspace.program.needs()) {
			if (need.kind === 'fingerprint') continue;
			workspace.program.answer(need, await fetchNeed(need, request));
		}
		return { workspace, id };
	}

	private record(plan: Plan): void {
		const { record } = this.options;
		if (!record) return;
		for (const { key, fingerprints } of plan.nodes) {
			this.usedKeys.add(key);
			Object.assign(this.usedData, fingerprints);
		}
		writeFileSync(`${record}.data.json`, JSON.stringify(this.usedData));
		exportCassette(this.store, record, () => this.store.usedCalls([...this.usedKeys]));
	}

	close(): void {
		this.openedStore?.close();
		this.openedStore = null;
	}

	private request(text: string) {
		const { folder, names, params } = this.options;
		const used: { module: UsedModule | null } = { module: null };
		const request = {
			text,
			path: null,
			folder,
			library: standardLibrary,
			params: params ?? {},
			cells: async (wanted: readonly string[]): Promise<UsedModule> => {
				const module = await names.functions(wanted);
				used.module = merged(used.module, module);
				return module;
			},
		};
		return { request, used };
	}

	/** The program with one more cell: its plan, or what is wrong with the cell; nothing changes then. */
	private async compile(cell: { readonly id: string; readonly text: string }, before: Workspace) {
		const workspace = before.fork();
		workspace.set(cell.id, cell.text);
		const { request, used } = this.request(workspace.text);
		const params = this.declaredParams(workspace);
		const compiled = await compileStudy({ ...request, params, stage: 'plan' });
		if (!compiled.plan)
			return { kind: 'problems' as const, diagnostics: placed(compiled.diagnostics, workspace, cell) };
		return { kind: 'program' as const, plan: compiled.plan, workspace, module: used.module };
	}

	/** Params can be set before the cell that declares them has run. */
	private declaredParams(workspace: Workspace): Readonly<Record<string, string>> {
		const declared = new Set(
			parse(workspace.text)
				.program.declarations.filter(({ kind }) => kind === 'param')
				.flatMap(namesOf),
		);
		return Object.fromEntries(
			Object.entries(this.options.params ?? {}).filter(([name]) => declared.has(name)),
		);
	}

	private async run(
		plan: Plan,
		names: readonly string[],
		cells: UsedModule | null,
		request: CellRequest,
	): Promise<RunResult> {
		const progress = new ProgressDisplay({ show: showInPlace(request.output, request.executionCount) });
		try {
			const result = await run(plan, {
				library: standardLibrary,
				store: this.store,
				signal: request.signal,
				onEvent: (event) => progress.onEvent(event),
				only: plan.nodes.filter((node) => names.includes(node.declaration)).map(({ id }) => id),
				modules: await this.modules(plan, cells),
				folder: this.options.folder,
				mode: this.options.mode ?? 'live',
				keepModels: true,
				calls: { prices: loadPrices(join(this.options.folder, '.assay')) },
			});
			progress.close(lastLine(result, names));
			return result;
		} catch (error) {
			progress.close('stopped');
			throw error;
		}
	}

	private async modules(plan: Plan, cells: UsedModule | null) {
		const onDisk = Object.fromEntries(
			Object.entries(plan.modules).filter(([, { path }]) => path !== cells?.path),
		);
		const loaded = await loadModules({ ...plan, modules: onDisk });
		const [label] = Object.entries(plan.modules).find(([, { path }]) => path === cells?.path) ?? [];
		if (!cells || label === undefined) return loaded;
		const live = Object.fromEntries(
			Object.keys(cells.functions).map((name) => [
				name,
				(...args: never[]): unknown => this.callable(name)(...args),
			]),
		);
		return { ...loaded, [label]: live };
	}

	private callable(name: string): (...args: never[]) => unknown {
		const found = this.options.names.function(name);
		if (!found) throw new UserError(`${name} is no function any more`, 'run the cell that declares it again');
		return found;
	}

	private declareNames(plan: Plan, names: readonly string[], result: RunResult): void {
		const scope = this.workspace.program.compiled.scope;
		for (const name of names) {
			if (!result.values.has(name) || !plan.nodes.some(({ id }) => id === name)) continue;
			const binding = scope.lookup(name);
			if (binding)
				this.options.names.declare(name, typeScriptOf(binding.type), () => result.values.get(name));
		}
	}
}

export function namesOf(declaration: Declaration): string[] {
	if (declaration.kind === 'study' || declaration.kind === 'use') return [];
	return declaration.name ? [declaration.name.text] : [];
}

function merged(before: UsedModule | null, module: UsedModule): UsedModule {
	if (!before) return module;
	const sha256 = createHash('sha256').update(before.sha256).update(module.sha256).digest('hex');
	return { path: module.path, sha256, functions: { ...before.functions, ...module.functions } };
}

/** Diagnostics in the cell's own offsets; those of other cells that this one broke stand at its beginning. */
function placed(
	diagnostics: readonly Diagnostic[],
	workspace: Workspace,
	cell: { readonly id: string; readonly text: string },
): Diagnostic[] {
	return diagnostics.map((diagnostic) => {
		const start = workspace.locate(diagnostic.span.start);
		const inside = start?.cell === cell.id;
		const shift = inside ? start.offset - diagnostic.span.start : 0;
		const within = (at: number): number => Math.min(Math.max(0, at + shift), cell.text.length);
		if (!inside) {
			return {
				...diagnostic,
				message: `${diagnostic.message} (in ${start?.cell.split(' ').slice(0, 2).join(' ') ?? 'an earlier cell'})`,
				span: { start: 0, end: 0 },
				also: [],
				fix: null,
			};
		}
		return {
			...diagnostic,
			span: { start: within(diagnostic.span.start), end: within(diagnostic.span.end) },
			also: diagnostic.also
				.filter(({ span }) => workspace.locate(span.start)?.cell === cell.id)
				.map((also) => ({ ...also, span: { start: within(also.span.start), end: within(also.span.end) } })),
			fix: null,
		};
	});
}

/** The first frame makes the display, the later ones replace it. */
function showInPlace(output: CellOutput, executionCount: number) {
	const displayId = `assay-run-${process.pid}-${executionCount}-${Math.trunc(performance.now())}`;
	let shown = false;
	return (data: Parameters<CellOutput['display']>[0]): void => {
		output.display(data, { displayId, update: shown });
		shown = true;
	};
}

function lastLine({ outcome, summary, spent }: RunResult, names: readonly string[]): string {
	const steps = summary.steps.filter(({ status }) => status !== 'kept').length;
	const calls = spent.calls + spent.cached + spent.shared > 0 ? `, ${callsText(spent)}` : '';
	const about = names.length > 0 ? `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}: ` : '';
	const took = summary.seconds < 0.1 ? '' : ` in ${summary.seconds.toFixed(1)} s`;
	return `${about}${WORDS[outcome]}${took} (${steps} of ${summary.steps.length} steps run${calls})${summary.stopped ? `: ${summary.stopped}` : ''}`;
}

const WORDS = {
	done: 'done',
	partial: 'done, but some rows failed',
	budget: 'stopped by the budget',
	interrupted: 'interrupted',
	failed: 'failed',
} as const;

const callsText = ({ calls, cached, failed, usd }: RunResult['spent']): string =>
	[
		`${calls} calls made`,
		...(cached > 0 ? [`${cached} kept`] : []),
		...(failed > 0 ? [`${failed} failed`] : []),
		...(calls > 0 ? [`$${usd.toFixed(usd > 0 && usd < 1 ? 4 : 2)} spent`] : []),
	].join(', ');

const staleSentence = (names: readonly string[]): string =>
	`stale: ${names.join(', ')} ${names.length === 1 ? 'depends' : 'depend'} on what has changed; run ${names.length === 1 ? 'its cell' : 'their cells'} again\n`;
