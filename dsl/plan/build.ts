import type { Session } from '../check/context.ts';
import type { DraftNode } from '../check/draft.ts';
import type { Checked } from '../check/program.ts';
import type { PendingFingerprint } from '../check/scope.ts';
import { constantOf } from './constant.ts';
import type { Core } from './core.ts';
import { keyOf } from './keys.ts';
import { operationOf } from './operation.ts';
import type { Plan, PlanNode } from './plan.ts';

/** Keys the draft nodes in order. Null while fingerprints are still needed, or when one cannot be had. */
export function buildPlan(
	checked: Checked,
	session: Session,
	source: { path: string | null; text: string },
): Plan | null {
	const nodes = new Map<string, PlanNode>();
	const bodies = new Map<string, DraftNode>();
	for (const draft of checked.drafts) bodies.set(draft.node.id, draft);
	let complete = true;
	for (const draft of checked.drafts) {
		const fingerprints = fingerprintsOf(draft, bodies, session);
		if (!fingerprints) {
			complete = false;
			continue;
		}
		if (complete) nodes.set(draft.node.id, keyed(draft, fingerprints, nodes));
	}
	if (!complete) return null;
	const name = source.path?.split('/').at(-1) ?? 'study';
	const { title, ...study } = checked.study;
	return {
		format: 'assay-plan/1',
		title: title ?? name,
		study,
		source,
		spans: session.spans,
		nodes: [...nodes.values()],
		modules: Object.fromEntries(checked.modules),
	};
}

function keyed(
	draft: DraftNode,
	fingerprints: Record<string, string>,
	nodes: ReadonlyMap<string, PlanNode>,
): PlanNode {
	const keys = Object.fromEntries(
		Object.entries(draft.inputs).map(([local, id]) => [local, nodes.get(id)?.key ?? id]),
	);
	const isField = ([local, id]: readonly [string, string]): boolean => id.endsWith(`.${local}`);
	const fields = new Set(
		Object.entries(draft.inputs)
			.filter(isField)
			.map(([local]) => local),
	);
	const key = keyOf(operationOf(draft.node), {
		inputs: keys,
		fields,
		versions: draft.versions,
		fingerprints,
	});
	return { ...draft.node, inputs: draft.inputs, versions: draft.versions, fingerprints, key } as PlanNode;
}

function fingerprintsOf(
	draft: DraftNode,
	drafts: ReadonlyMap<string, DraftNode>,
	session: Session,
): Record<string, string> | null {
	const found: Record<string, string> = {};
	let complete = true;
	for (const pending of draft.fingerprints) {
		const args = constantArguments(pending, draft, drafts, session);
		const answer = args && session.ask({ kind: 'fingerprint', fn: pending.fn, args });
		if (answer?.kind === 'failure')
			session.report('A0302', { message: answer.message, help: answer.help }, pending.span);
		if (answer?.kind === 'fingerprint') for (const print of answer.prints) found[print.name] = print.sha256;
		else complete = false;
	}
	return complete ? found : null;
}

function constantArguments(
	pending: PendingFingerprint,
	draft: DraftNode,
	drafts: ReadonlyMap<string, DraftNode>,
	session: Session,
): Record<string, unknown> | null {
	const lookup =
		(from: DraftNode) =>
		(name: string): Core | null => {
			const target = drafts.get(from.inputs[name] ?? '');
			return target?.node.kind === 'value' ? target.node.body : null;
		};
	// A value's own inputs have the names of declarations, so one look-up serves the whole chain.
	const input = (name: string): Core | null => {
		const direct = lookup(draft)(name);
		if (direct) return direct;
		const declared = drafts.get(name);
		return declared?.node.kind === 'value' ? declared.node.body : null;
	};
	const args: Record<string, unknown> = {};
	for (const [name, core] of Object.entries(pending.args)) {
		const value = constantOf(core, input);
		if (value === undefined) {
			session.report('A0301', { fn: pending.fn, param: name }, pending.span);
			return null;
		}
		args[name] = value;
	}
	return args;
}
