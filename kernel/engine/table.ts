import type { Core } from '../../dsl/plan/core.ts';
import type { TableNode } from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import type { Data, Row } from '../../stdlib/values/data.ts';
import type { Lineage, Table, TableColumn } from '../../stdlib/values/table.ts';
import type { StepContext } from './context.ts';
import { compileColumnArgument, rowValue } from './evaluate/column-argument.ts';
import { compile } from './evaluate/compile.ts';
import { Fault, located } from './evaluate/fault.ts';
import { type Code, Frame, type Group } from './evaluate/frame.ts';
import { all } from './evaluate/maybe.ts';
import { type ColumnScope, type Environment, NO_SCOPE, type Scope } from './evaluate/scope.ts';
import { fieldColumn } from './evaluate/sources.ts';
import { pointOf } from './evaluate/uncertain.ts';
import { type Groups, groupRows, labelNumbers } from './group-rows.ts';
import { turn } from './pump.ts';

interface NamedCode {
	readonly name: string;
	readonly code: Code;
}

type ColumnsCore = Core & { readonly op: 'columns' };

/** Columns of a data set, read at the row at hand. */
export function dataScope(data: Data): ColumnScope {
	const reader = (column: Column | undefined): Code | null =>
		column ? { async: false, run: (frame) => column.get(frame.row) ?? null } : null;
	return {
		reader: (name) => reader(data.columns.get(name)),
		fieldReader: (name, field) => {
			const column = data.columns.get(name);
			return column ? reader(fieldColumn(column, field) ?? undefined) : null;
		},
		whole: (name) => data.columns.get(name) ?? null,
	};
}

/** `table T = from source by … { … }`, compiled over its source. */
export class TableStep {
	private readonly node: TableNode;
	private readonly source: Data;
	private readonly context: StepContext;
	private readonly keys: readonly NamedCode[];
	private readonly columns: readonly NamedCode[];
	private readonly env: Environment;
	private grouping: Groups | null = null;
	private bare: { readonly columns: readonly NamedCode[]; readonly group: Group } | null = null;

	constructor(node: TableNode, source: Data, env: Environment, context: StepContext) {
		this.node = node;
		this.source = source;
		this.context = context;
		this.env = env;
		const row = dataScope(source);
		this.keys = node.by.map(({ name, body }) => ({ name, code: compile(body, env, { ...NO_SCOPE, row }) }));
		this.columns = this.compileColumns((body) => body, false);
	}

	/** Groups the rows and computes every column for each. */
	async compute(check: () => void): Promise<{ readonly rows: readonly Row[]; readonly keyless: number }> {
		this.grouping = groupRows(this.source.length, await this.keyNumbers());
		const rows: Row[] = [];
		for (const members of this.grouping.rows) {
			check();
			rows.push(await this.computeGroup(members));
			await turn();
		}
		return { rows, keyless: this.grouping.keyless };
	}

	/** What `contrast` pairs over; groups and columns are brought up when first looked at. */
	lineage(): Lineage {
		const step = this;
		return {
			source: this.source,
			get groups() {
				step.grouping ??= groupRows(step.source.length, step.keyNumbersNow());
				return step.grouping.rows;
			},
			evaluate: (column, indices) => this.evaluate(column, indices),
			rowValues: (column) => this.rowValues(column),
		};
	}

	private keyNumbers(): Promise<Int32Array[]> {
		return Promise.all(
			this.keys.map(async ({ code }) => {
				const values = await all(this.keyValues(code));
				return labelNumbers(this.source.length, (row) => values[row]);
			}),
		);
	}

	private keyNumbersNow(): Int32Array[] {
		return this.keys.map(({ code }) => {
			const values = this.keyValues(code);
			return labelNumbers(this.source.length, (row) => values[row]);
		});
	}

	private keyValues(code: Code): unknown[] {
		let frame = Frame.of(this.context);
		return Array.from({ length: this.source.length }, (_, row) => {
			frame.row = row;
			const value = rowValue(code, frame);
			if (value instanceof Promise) frame = Frame.of(this.context);
			return value;
		});
	}

	private async computeGroup(members: Int32Array): Promise<Row> {
		const cells = new Map<string, unknown>();
		const frame = Frame.of(this.context).withGroup({
			rows: members,
			columns: new Map(),
			resample: null,
			cells,
		});
		// A group has at least one row whenever there are keys.
		const first = Frame.of(this.context);
		first.row = members[0] ?? 0;
		for (const { name, code } of this.keys) cells.set(name, await code.run(first));
		for (const { name, code } of this.columns) cells.set(name, await this.cell(code, frame));
		return Object.fromEntries(cells);
	}

	/** Arithmetic that fails in one group leaves that cell missing; an aggregate that refuses its arguments fails the table. */
	private async cell(code: Code, frame: Frame): Promise<unknown> {
		try {
			return (await code.run(frame)) ?? null;
		} catch (error) {
			if (error instanceof Fault && error.cause === undefined) return this.context.rowFault(error);
			throw located(error, this.node.loc);
		}
	}

	/**
	 * A column over any rows of the source, as often as they are named, and without what stands after `±`: whoever asks
	 * draws thousands of times, so the columns that it reads are computed once, over the whole source.
	 */
	private evaluate(column: string, indices: Int32Array): number | null {
		this.bare ??= {
			columns: this.compileColumns(withoutIntervals, true),
			group: emptyGroup(everyRow(this.source)),
		};
		const cells = new Map<string, unknown>();
		const frame = Frame.of(this.context).withGroup({ ...this.bare.group, resample: indices, cells });
		for (const { name, code } of this.bare.columns) {
			const value = code.run(frame);
			if (name === column) return pointOf(value, this.node.loc);
			cells.set(name, value);
		}
		return this.unknown(column);
	}

	private compileColumns(simplify: (body: Core) => Core, resampled: boolean): NamedCode[] {
		const known = this.node.by.map(({ name }) => name);
		return this.node.columns.map(({ name, body }) => {
			const scope: Scope = {
				...NO_SCOPE,
				row: cellScope([...known]),
				group: dataScope(this.source),
				resampled,
			};
			known.push(name);
			return { name, code: compile(simplify(body), this.env, scope) };
		});
	}

	/** The `Column<T>` argument of a plain `mean(…)` or `wilson(…)`, over every row of the source. */
	private rowValues(column: string): Column | null {
		const body = this.node.columns.find((each) => each.name === column)?.body ?? this.unknown(column);
		const averaged = meanArgument(body);
		if (!averaged) return null;
		const scope: Scope = { ...NO_SCOPE, group: dataScope(this.source) };
		const argument = compileColumnArgument(averaged, this.env, scope);
		const result = argument.run(Frame.of(this.context).withGroup(emptyGroup(everyRow(this.source))));
		return result instanceof Promise ? null : (result as Column);
	}

	private unknown(column: string): never {
		throw new Error(`the table "${this.node.declaration}" has no column "${column}"`);
	}
}

const everyRow = (source: Data): Int32Array => Int32Array.from({ length: source.length }, (_, row) => row);

const emptyGroup = (rows: Int32Array): Group => ({
	rows,
	columns: new Map(),
	resample: null,
	cells: new Map(),
});

/** `a ± method` as `a`, wherever it stands. */
function withoutIntervals(core: Core): Core {
	if (core.op === 'uncertain') return withoutIntervals(core.of);
	if (core.op === 'binary')
		return { ...core, left: withoutIntervals(core.left), right: withoutIntervals(core.right) };
	if (core.op === 'unary' || core.op === 'field') return { ...core, of: withoutIntervals(core.of) };
	return core;
}

/** Aggregates that are the mean of their `x` over rows. */
const MEANS: ReadonlySet<string> = new Set(['mean', 'wilson']);

function meanArgument(body: Core): ColumnsCore | null {
	if (body.op === 'uncertain') return meanArgument(body.of);
	if (body.op !== 'call' || !MEANS.has(body.fn)) return null;
	const averaged = body.args.x;
	return averaged?.op === 'columns' ? averaged : null;
}

/** Keys and columns before this one, by name, in the same group. */
function cellScope(names: readonly string[]): ColumnScope {
	return {
		reader: (name) =>
			names.includes(name) ? { async: true, run: (frame) => frame.group?.cells.get(name) ?? null } : null,
	};
}

/** Notices and models are put in when all that the table goes back to is known. */
export function assembleTable(node: TableNode, rows: readonly Row[], lineage: Lineage): Table {
	const columns: TableColumn[] = [
		...node.by.map(({ name }) => ({ name, role: 'group' as const })),
		...node.columns.map(({ name }) => ({ name, role: 'value' as const })),
	];
	return { kind: 'table', name: node.declaration, columns, rows, notices: [], models: [], lineage };
}
