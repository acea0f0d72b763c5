import type { Plan, PlanNode } from '../../../dsl/plan/plan.ts';
import { isFigure } from '../../../stdlib/values/figure.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import { html } from '../../display/html.ts';
import { bundleOf, type MimeBundle } from '../../display/mime/bundle.ts';
import { printable } from '../../display/printable.ts';
import { runSummary } from '../../display/run-summary.ts';
import type { RunResult } from '../../engine/run.ts';
import type { CellOutput } from '../contracts.ts';

export interface Results {
	readonly plan: Plan;
	/** What the cell declares. */
	readonly names: readonly string[];
	readonly result: RunResult;
	readonly output: CellOutput;
}

/** Shows the tables and figures that a cell declares; the last of its other results where it declares none. */
export async function showResults({ plan, names, result, output }: Results): Promise<void> {
	const nodes = plan.nodes.filter(({ id }) => names.includes(id) && result.values.has(id));
	const shown = nodes.filter(({ id }) => isTable(result.values.get(id)) || isFigure(result.values.get(id)));
	const last = shown.length === 0 ? nodes.findLast(hasRows) : undefined;
	for (const { id } of last ? [last] : shown) {
		const bundle = bundleOf(result.values.get(id));
		if (bundle) output.display({ data: named(id, bundle), metadata: {} });
	}
	if (result.outcome === 'partial' || result.outcome === 'budget')
		output.stream('stderr', `${runSummary({ plan, result }, { color: false, width: 100 })}\n`);
}

const hasRows = (node: PlanNode): boolean =>
	node.kind === 'eval' || node.kind === 'train' || (node.kind === 'value' && node.keyword === 'data');

/** A table has no name in it; a figure has its title. */
function named(name: string, bundle: MimeBundle): MimeBundle {
	if ('application/vnd.plotly.v1+json' in bundle) return bundle;
	return {
		...bundle,
		...(typeof bundle['text/plain'] === 'string'
			? { 'text/plain': `${printable(name)}\n${bundle['text/plain']}` }
			: {}),
		...(typeof bundle['text/html'] === 'string'
			? { 'text/html': `${html`<b>${name}</b>`.text}${bundle['text/html']}` }
			: {}),
	};
}
