import type { PlanNode } from '../plan/plan.ts';
import type { NodeInputs, PendingFingerprint } from './scope.ts';

type Unkeyed<N> = N extends PlanNode ? Omit<N, 'key' | 'fingerprints' | 'inputs' | 'versions'> : never;

/** A plan node before its key is known. */
export interface DraftNode {
	readonly node: Unkeyed<PlanNode>;
	readonly inputs: Readonly<Record<string, string>>;
	readonly versions: Readonly<Record<string, string>>;
	readonly fingerprints: readonly PendingFingerprint[];
}

export const draft = (node: Unkeyed<PlanNode>, collected: NodeInputs): DraftNode => ({
	node,
	inputs: Object.fromEntries(collected.inputs),
	versions: Object.fromEntries(collected.versions),
	fingerprints: collected.fingerprints,
});
