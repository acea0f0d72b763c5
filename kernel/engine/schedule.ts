import type { Plan, PlanNode } from '../../dsl/plan/plan.ts';
import type { Store } from './store/store.ts';
import { keptStep, type StepMeta } from './stored.ts';

/** Which steps a run has to settle, and which of them the store already has. */
export interface Schedule {
	readonly nodes: ReadonlyMap<string, PlanNode>;
	/** In the plan's order: every step after its inputs. */
	readonly needed: readonly PlanNode[];
	/** Finished before under the same key. */
	readonly kept: ReadonlyMap<string, StepMeta>;
}

/** @param only ids of the steps that are wanted; everything when absent */
export function scheduleSteps(plan: Plan, store: Store | null, only: readonly string[] | null): Schedule {
	const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
	const kept = new Map<string, StepMeta>();
	for (const node of plan.nodes) {
		const meta = keptStep(store, node);
		if (meta) kept.set(node.id, meta);
	}
	const demand = new Demand(nodes, kept);
	for (const id of only ?? nodes.keys()) demand.step(id);
	return { nodes, needed: plan.nodes.filter((node) => demand.ids.has(node.id)), kept };
}

/** Walks from what is wanted to what that takes. */
class Demand {
	readonly ids = new Set<string>();
	private readonly nodes: ReadonlyMap<string, PlanNode>;
	private readonly kept: ReadonlyMap<string, StepMeta>;

	constructor(nodes: ReadonlyMap<string, PlanNode>, kept: ReadonlyMap<string, StepMeta>) {
		this.nodes = nodes;
		this.kept = kept;
	}

	step(id: string): void {
		if (this.ids.has(id)) return;
		this.ids.add(id);
		const node = this.nodes.get(id);
		if (!node) throw new Error(`the plan has no step "${id}"`);
		const meta = this.kept.get(id);
		if (meta?.content === 'column') return;
		if (meta?.content === 'data' || meta?.content === 'value') {
			for (const model of modelInputs(node, this.nodes)) this.step(model);
		} else for (const input of Object.values(node.inputs)) this.input(input);
	}

	/** An input of a step that will be computed: of a kept table its rows too, which `contrast` pairs over. */
	private input(id: string): void {
		this.step(id);
		const node = this.nodes.get(id);
		if (node?.kind !== 'table' || !this.kept.has(id)) return;
		for (const source of Object.values(node.inputs)) this.step(source);
	}
}

/** Stored values name models by identity; the models themselves come from the values that made them, wherever upstream. */
export function modelInputs(node: PlanNode, nodes: ReadonlyMap<string, PlanNode>): Set<string> {
	const found = new Set<string>();
	const seen = new Set<string>();
	const visit = (of: PlanNode): void => {
		for (const id of Object.values(of.inputs)) {
			const input = nodes.get(id);
			if (!input || seen.has(id)) continue;
			seen.add(id);
			if (input.kind === 'value' && (input.keyword === 'model' || input.keyword === 'let')) found.add(id);
			visit(input);
		}
	};
	visit(node);
	return found;
}

/** True when a step goes back to the rows of an eval: then making it again takes more than reading files. */
export function isDerived(node: PlanNode, nodes: ReadonlyMap<string, PlanNode>): boolean {
	return Object.values(node.inputs).some((id) => {
		const input = nodes.get(id);
		return input !== undefined && (input.kind !== 'value' || isDerived(input, nodes));
	});
}
