import { bodyHash } from '../../dsl/plan/keys.ts';
import { operationOf } from '../../dsl/plan/operation.ts';
import type { Plan, PlanNode } from '../../dsl/plan/plan.ts';
import type { StepTrace } from './store/store.ts';

/** Why a step will run, or that it will not. */
export type StepReason =
	| { readonly kind: 'kept' }
	| { readonly kind: 'new' }
	/** A library function has another version than when the step was last computed. */
	| { readonly kind: 'operation-changed'; readonly fn: string; readonly from: string; readonly to: string }
	| { readonly kind: 'definition-changed' }
	/** Files, weights or data sets have other content. */
	| { readonly kind: 'content-changed'; readonly names: readonly string[] }
	| { readonly kind: 'input-changed'; readonly inputs: readonly string[] }
	| { readonly kind: 'failed-before' }
	| { readonly kind: 'partial-before'; readonly failed: number }
	/** Nothing changed, but its result is not in this store any more. */
	| { readonly kind: 'not-in-store' };

/** Compares a step with what the program's last run recorded of it. */
export function reasonFor(node: PlanNode, plan: Plan, trace: StepTrace | undefined): StepReason {
	if (!trace) return { kind: 'new' };
	if (trace.key === node.key) return unchangedReason(trace);
	for (const [fn, to] of Object.entries(node.versions)) {
		const from = trace.versions[fn];
		if (from !== undefined && from !== to) return { kind: 'operation-changed', fn, from, to };
	}
	if (trace.bodyHash !== bodyHash(operationOf(node))) return { kind: 'definition-changed' };
	const names = Object.keys(node.fingerprints).filter(
		(name) => trace.fingerprints[name] !== node.fingerprints[name],
	);
	if (names.length > 0) return { kind: 'content-changed', names };
	const keys = new Map(plan.nodes.map(({ id, key }) => [id, key]));
	const inputs = Object.entries(node.inputs).filter(([name, id]) => trace.inputs[name] !== keys.get(id));
	return { kind: 'input-changed', inputs: [...new Set(inputs.map(([, id]) => id))] };
}

function unchangedReason(trace: StepTrace): StepReason {
	if (trace.status === 'failed') return { kind: 'failed-before' };
	return trace.status === 'partial'
		? { kind: 'partial-before', failed: trace.failed }
		: { kind: 'not-in-store' };
}

/** A reason in words: `input changed: items`. */
export function reasonText(reason: StepReason): string {
	switch (reason.kind) {
		case 'kept':
			return 'kept';
		case 'new':
			return 'new';
		case 'operation-changed':
			return `operation changed: ${reason.fn} ${brief(reason.from)} → ${brief(reason.to)}`;
		case 'definition-changed':
			return 'definition changed';
		case 'content-changed':
			return `content changed: ${reason.names.join(', ')}`;
		case 'input-changed':
			return `input changed: ${reason.inputs.join(', ')}`;
		case 'failed-before':
			return 'failed before';
		case 'partial-before':
			if (reason.failed === 0) return 'partial before';
			return `failed before: ${reason.failed === 1 ? '1 row' : `${reason.failed} rows`}`;
		case 'not-in-store':
			return 'not in the store';
	}
}

/** The version of a TypeScript function is the hash of its module. */
const brief = (version: string): string => version.slice(0, 8);
