import type { Core } from '../../dsl/plan/core.ts';
import type { Plan, PlanNode, RowsNode } from '../../dsl/plan/plan.ts';
import type { Library } from '../../stdlib/registry.ts';
import { Data } from '../../stdlib/values/data.ts';
import { isTable } from '../../stdlib/values/table.ts';
import { EvalRows } from './rows.ts';

/** How many rows there can be at most where the rows themselves depend on calls that are not made yet; null where that cannot be told. */
export class RowBounds {
	private readonly nodes: ReadonlyMap<string, PlanNode>;
	private readonly values: ReadonlyMap<string, unknown>;

	constructor(plan: Plan, values: ReadonlyMap<string, unknown>) {
		this.nodes = new Map(plan.nodes.map((node) => [node.id, node]));
		this.values = values;
	}

	ofStep(id: string): number | null {
		const known = sizeOf(this.values.get(id));
		const node = this.nodes.get(id);
		if (known !== null || !node) return known;
		if (node.kind === 'rows') return this.ofRows(node);
		if (node.kind === 'field' || node.kind === 'eval') return this.ofStep(node.rows);
		// Transforms choose among rows; several data sets joined have at most all of theirs.
		const inputs = Object.values(node.inputs).map((input) => this.ofStep(input));
		const sized = inputs.filter((size) => size !== null);
		return sized.length === 0 ? null : sized.reduce((sum, size) => sum + size, 0);
	}

	private ofRows(node: RowsNode): number | null {
		let rows = 1;
		for (const clause of node.clauses) {
			if (clause.kind === 'where') continue;
			const items =
				clause.kind === 'for' ? this.ofSource(clause.source, node) : this.ofCount(clause.count, node);
			if (items === null) return null;
			rows *= items;
		}
		return rows;
	}

	private ofSource(source: Core, node: PlanNode): number | null {
		switch (source.op) {
			case 'input':
				return this.ofStep(node.inputs[source.name] ?? '');
			case 'list':
				return source.items.length;
			case 'record':
				return source.fields.length;
			case 'range': {
				const [from, to] = [this.ofCount(source.from, node), this.ofCount(source.to, node)];
				return from === null || to === null ? null : Math.max(0, to - from + 1);
			}
			case 'call': {
				const sizes = Object.values(source.args).map((arg) => this.ofSource(arg, node));
				return sizes.find((size) => size !== null) ?? null;
			}
			default:
				return null;
		}
	}

	private ofCount(count: Core, node: PlanNode): number | null {
		if (count.op === 'lit') return typeof count.value === 'number' ? count.value : null;
		const value = count.op === 'input' ? this.values.get(node.inputs[count.name] ?? '') : null;
		return typeof value === 'number' ? value : null;
	}
}

function sizeOf(value: unknown): number | null {
	if (value instanceof Data || value instanceof EvalRows || Array.isArray(value)) return value.length;
	return isTable(value) ? value.rows.length : null;
}

/** Calls that an expression makes for one row when nothing of it can be looked at: one a function that calls, or its `n`. */
export function callSites(core: Core, library: Library): number {
	let sites = 0;
	if (core.op === 'call' && library.functions.get(core.fn)?.calls) {
		const n = core.args.n;
		sites = n?.op === 'lit' && typeof n.value === 'number' ? n.value : 1;
	}
	for (const part of partsOf(core)) sites += callSites(part, library);
	return sites;
}

function partsOf(value: unknown): Core[] {
	if (Array.isArray(value)) return value.flatMap((item) => (isCore(item) ? [item] : partsOf(item)));
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap((item) => (isCore(item) ? [item] : partsOf(item)));
}

const isCore = (value: unknown): value is Core =>
	typeof value === 'object' && value !== null && typeof (value as { op?: unknown }).op === 'string';
