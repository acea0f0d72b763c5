import type { Core } from '../../../dsl/plan/core.ts';
import type { Plan, PlanNode } from '../../../dsl/plan/plan.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { isDerived } from '../../engine/schedule.ts';
import { count } from '../amounts.ts';
import { type Html, html, trustedHtml } from '../html.ts';
import { anchorOf } from './anchors.ts';
import type { ReportInput } from './input.ts';
import { embedRows, type RowsLimits, type RowsSource } from './rows-json.ts';

/** Of all row browsers of a page together. */
export const ROWS_ON_PAGE: RowsLimits = { rows: 20_000, bytes: 15 * 1024 * 1024 };

/** Evals, and data sets that a study made from them: what was loaded from a file is in the rows that used it. */
export function rowsShown({ plan, values }: Pick<ReportInput, 'plan' | 'values'>): PlanNode[] {
	const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
	return plan.nodes.filter((node) => {
		const shown =
			node.kind === 'eval' || (node.kind === 'value' && node.keyword === 'data' && isDerived(node, nodes));
		return shown && values.get(node.id) instanceof Data;
	});
}

export function rowsSection(input: ReportInput, limits: RowsLimits = ROWS_ON_PAGE): Html | null {
	const shown = rowsShown(input);
	if (shown.length === 0) return null;
	const share = { rows: limits.rows, bytes: Math.floor(limits.bytes / shown.length) };
	return html`<section id="rows"><h2>Rows</h2>${shown.map((node) => browser(node, sourceOf(node, input), share))}</section>`;
}

function sourceOf(node: PlanNode, { plan, values, prompts }: ReportInput): RowsSource {
	const fields = node.kind === 'eval' ? new Set(node.fields) : null;
	const names = plan.nodes
		.filter((each) => fields?.has(each.id))
		.map((each) => (each.kind === 'field' ? each.name : ''));
	const calls = prompts && node.kind === 'eval' ? (row: number) => prompts(node.id, row) : null;
	return {
		id: node.id,
		data: values.get(node.id) as Data,
		fields: new Set(names),
		groups: groupsOf(node, plan),
		calls,
	};
}

/** Columns of the eval that tables group by. */
function groupsOf(node: PlanNode, plan: Plan): string[] {
	if (node.kind !== 'eval') return [];
	const tables = plan.nodes.filter((each) => each.kind === 'table' && each.inputs[each.source] === node.rows);
	const names = tables.flatMap((table) =>
		table.kind === 'table' ? table.by.map(({ body }) => columnName(body)) : [],
	);
	return [...new Set(names.filter((name) => name !== null))];
}

function columnName(body: Core): string | null {
	if (body.op === 'column') return body.name;
	const of = body.op === 'field' || body.op === 'unlabel' ? columnName(body.of) : null;
	return of === null || body.op !== 'field' ? of : `${of}.${body.name}`;
}

function browser(node: PlanNode, source: RowsSource, limits: RowsLimits): Html {
	const { json, shown, total } = embedRows(source, limits);
	const anchor = anchorOf(`rows-${node.id}`);
	const note =
		shown < total
			? html`<p class="cut">This page holds ${count(shown)} of the ${count(total)} rows, drawn at random; the store has all of them. The tables and figures are of all rows.</p>`
			: null;
	return html`<div class="browser" id="${anchor}" data-rows="${anchor}">
<h3>${node.id} <small>${count(total)} ${total === 1 ? 'row' : 'rows'}</small></h3>
${note}<noscript><p>The rows are shown by the page’s script, and scripting is off.</p></noscript>
<script type="application/json">${trustedHtml(json)}</script>
</div>`;
}
