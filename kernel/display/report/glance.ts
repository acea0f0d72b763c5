import { showDuration } from '../../engine/duration.ts';
import { compactCount, count, spending } from '../amounts.ts';
import { type Html, html } from '../html.ts';
import type { ReportInput } from './input.ts';

/** The numbers of a run that a reader wants first. */
export function glance({ run, spent, models }: ReportInput): Html {
	const kept = run.steps.filter(({ status }) => status === 'kept').length;
	const failedRows = run.steps.reduce((sum, { failed }) => sum + failed, 0);
	const behind = models.reduce((sum, { calls }) => sum + calls, 0);
	const facts: (readonly [name: string, value: string, more: string])[] = [
		['steps', count(run.steps.length), kept > 0 ? `${count(kept)} kept from before` : ''],
		['calls made', count(spent.calls), behind > spent.calls ? `${count(behind)} behind the results` : ''],
		[
			'tokens',
			compactCount(spent.inputTokens + spent.outputTokens),
			spent.calls > 0 ? `${compactCount(spent.inputTokens)} in, ${compactCount(spent.outputTokens)} out` : '',
		],
		['spent', spent.calls === 0 ? '$0' : spending(spent.usd, spent.unpriced), ''],
		['time', showDuration(run.seconds), ''],
	];
	if (failedRows > 0) facts.push(['rows failed', count(failedRows), 'left out, never counted as wrong']);
	return html`<dl class="glance">${facts.map(([name, value, more]) => html`<div><dt>${name}</dt><dd>${value}${more ? html`<small>${more}</small>` : null}</dd></div>`)}</dl>`;
}
