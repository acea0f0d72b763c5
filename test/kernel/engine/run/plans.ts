import type { Core, CoreClause } from '../../../../dsl/plan/core.ts';
import { keyOf } from '../../../../dsl/plan/keys.ts';
import { operationOf } from '../../../../dsl/plan/operation.ts';
import type { Budget, Plan, PlanNode, ValueNode } from '../../../../dsl/plan/plan.ts';

type Inputs = Readonly<Record<string, string>>;
type Unkeyed = PlanNode extends infer N
	? N extends PlanNode
		? Omit<N, 'key' | 'fingerprints' | 'versions' | 'loc'>
		: never
	: never;

/** A plan written by hand: nodes get the keys that the compiler would give them. */
export class PlanWriter {
	private readonly nodes: PlanNode[] = [];
	/** Versions of library functions, part of every key. */
	private readonly versions: Readonly<Record<string, string>>;

	constructor(versions: Readonly<Record<string, string>> = {}) {
		this.versions = versions;
	}

	value(keyword: ValueNode['keyword'], id: string, body: Core, inputs: Inputs = {}, type = 'Any'): this {
		return this.add({ kind: 'value', keyword, id, declaration: id, body, inputs, type });
	}

	/** Rows `id[]`, a field `id.name` each, and the eval itself. A field's type is given as `name: Type`. */
	eval(
		id: string,
		clauses: readonly CoreClause[],
		fields: Readonly<Record<string, Core>>,
		inputs: Inputs = {},
	): this {
		const rows = `${id}[]`;
		this.add({ kind: 'rows', id: rows, declaration: id, clauses, inputs, type: 'Data' });
		const ids: Record<string, string> = {};
		for (const [typed, body] of Object.entries(fields)) {
			const [name, type = 'Any'] = typed.split(': ') as [string, string?];
			const node = { kind: 'field', id: `${id}.${name}`, declaration: id, name, rows, body, type } as const;
			this.add({ ...node, inputs: { ...inputs, $rows: rows, ...readBy(body, ids) } });
			ids[name] = `${id}.${name}`;
		}
		const all = { $rows: rows, ...Object.fromEntries(Object.values(ids).map((field) => [field, field])) };
		return this.add({
			kind: 'eval',
			id,
			declaration: id,
			rows,
			fields: Object.values(ids),
			inputs: all,
			type: 'Data',
		});
	}

	/** A table over an eval (`source` is its name) and the fields of it that are named. */
	table(
		id: string,
		source: string,
		by: Readonly<Record<string, Core>>,
		columns: Readonly<Record<string, Core>>,
		fields: readonly string[] = [],
		inputs: Inputs = {},
	): this {
		const node = this.nodes.find((each) => each.id === source);
		const of = node?.kind === 'eval' ? node.rows : source;
		return this.add({
			kind: 'table',
			id,
			declaration: id,
			source: '$source',
			by: Object.entries(by).map(([name, body]) => ({ name, body })),
			columns: Object.entries(columns).map(([name, body]) => ({ name, body, type: 'Estimate' })),
			inputs: {
				$source: of,
				...Object.fromEntries(fields.map((name) => [name, `${source}.${name}`])),
				...inputs,
			},
			type: 'Table',
		});
	}

	plan(
		settings: { readonly seed?: number; readonly budget?: Partial<Budget>; readonly text?: string } = {},
	): Plan {
		const budget = { usd: null, tokens: null, calls: null, seconds: null, ...settings.budget };
		return {
			format: 'assay-plan/1',
			title: 'test',
			study: { cites: [], seed: settings.seed ?? 0, budget },
			source: { path: null, text: settings.text ?? '' },
			// Index i points at the characters i to i + 1, so that a test can tell which was meant.
			spans: Array.from({ length: 100 }, (_, i) => [i, i + 1] as const),
			nodes: this.nodes,
			modules: {},
		};
	}

	private add(node: Unkeyed): this {
		const keys = Object.fromEntries(
			Object.entries(node.inputs).map(([name, id]) => [
				name,
				this.nodes.find((each) => each.id === id)?.key ?? id,
			]),
		);
		const versions = Object.fromEntries(Object.entries(this.versions).filter(([fn]) => mentions(node, fn)));
		const parts = { inputs: keys, fields: new Set(Object.keys(keys)), versions, fingerprints: {} };
		const key = keyOf(operationOf(node as PlanNode), parts);
		this.nodes.push({ ...node, key, versions, fingerprints: {}, loc: 90 } as PlanNode);
		return this;
	}
}

/** Of the fields before it, those that a field reads. */
function readBy(body: Core, ids: Readonly<Record<string, string>>): Inputs {
	const text = JSON.stringify(body);
	return Object.fromEntries(
		Object.entries(ids).filter(([name]) => text.includes(`{"op":"column","name":"${name}"`)),
	);
}

const mentions = (node: Unkeyed, fn: string): boolean => JSON.stringify(node).includes(`"fn":"${fn}"`);
