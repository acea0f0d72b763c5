import { Data } from '../../../stdlib/values/data.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import { type Html, html } from '../html.ts';
import type { ReportInput } from './input.ts';

/** Everything that must be said before the results: each sentence once. What figures say of their picture stays with them. */
export function noticesOf({ values, models, plan }: ReportInput): string[] {
	const notices = new Set<string>();
	for (const { notice } of models) if (notice !== null) notices.add(notice);
	for (const { id } of plan.nodes) {
		const value = values.get(id);
		const said =
			value instanceof Data
				? value.provenance.map(({ notice }) => notice)
				: isTable(value)
					? value.notices
					: [];
		for (const notice of said) if (notice !== null) notices.add(notice);
	}
	return [...notices];
}

export function noticesSection(input: ReportInput): Html | null {
	const notices = noticesOf(input);
	if (notices.length === 0) return null;
	return html`<aside class="notices" aria-label="What to know before reading the results">
<p class="notices-title">Read the results with this in mind</p>
<ul>${notices.map((notice) => html`<li>${notice}</li>`)}</ul>
</aside>`;
}
