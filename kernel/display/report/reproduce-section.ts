import type { Plan } from '../../../dsl/plan/plan.ts';
import { showDuration } from '../../engine/duration.ts';
import { count, dollars } from '../amounts.ts';
import { type Html, html } from '../html.ts';
import type { ReportInput } from './input.ts';

export function reproduceSection({ reproduce, plan }: ReportInput): Html {
	const { commands, cassette } = reproduce;
	const budget = budgetText(plan);
	return html`<section id="reproduce"><h2>Reproduce</h2>
${commands.length > 0 ? html`<pre class="commands"><code>${commands.map((command) => `${command}\n`)}</code></pre>` : null}
${cassette ? html`<p>The cassette <code>${cassette}</code> holds every call behind these results: with it they are made again without a key, a network or a GPU.</p>` : null}
${budget ? html`<p>The study’s budget is ${budget}.</p>` : null}</section>`;
}

function budgetText({ study: { budget } }: Plan): string {
	const parts = [
		budget.usd === null ? null : dollars(budget.usd),
		budget.tokens === null ? null : `${count(budget.tokens)} tokens`,
		budget.calls === null ? null : `${count(budget.calls)} calls`,
		budget.seconds === null ? null : showDuration(budget.seconds),
	];
	return parts.filter((part) => part !== null).join(', ');
}
