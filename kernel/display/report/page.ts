import type { PlanNode } from '../../../dsl/plan/plan.ts';
import { isFigure } from '../../../stdlib/values/figure.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import type { RunOutcome } from '../../engine/store/store.ts';
import { type Html, html } from '../html.ts';
import { anchorOf } from './anchors.ts';
import { costsSection } from './costs-section.ts';
import { pageDocument } from './document.ts';
import { environmentSection } from './environment-section.ts';
import { failuresSection } from './failures-section.ts';
import { figureHtml } from './figure.ts';
import { glance } from './glance.ts';
import type { ReportInput } from './input.ts';
import { noticesSection } from './notices.ts';
import { plotlyScript } from './page-script.ts';
import { reproduceSection } from './reproduce-section.ts';
import { rowsSection, rowsShown } from './rows-section.ts';
import { sourceSection } from './source-section.ts';
import { valueTable } from './value-table.ts';

/**
 * One run as one HTML file that needs nothing else: no request leaves it, scripts but its own do not run in it, and what
 * models and data wrote is text on it.
 */
export function reportPage(input: ReportInput): string {
	const results = input.plan.nodes.filter(({ id }) => isResult(input.values.get(id)));
	const plotly = results.some(({ id }) => isFigure(input.values.get(id)))
		? (input.plotly ?? plotlyScript())
		: null;
	const body = html`${header(input)}
<div class="layout">
${contents(input, results)}
<main>
${noticesSection(input)}
${glance(input)}
${resultsSection(input, results)}
${failuresSection(input)}
${rowsSection(input)}
${sourceSection(input)}
${costsSection(input)}
${environmentSection(input)}
${reproduceSection(input)}
</main>
</div>`;
	const skip = { anchor: 'results', text: 'Skip to the results' };
	return pageDocument({ title: input.plan.title, version: input.version, plotly, skip, body });
}

const isResult = (value: unknown): boolean => isTable(value) || isFigure(value);

const OUTCOMES: Readonly<Record<RunOutcome, string>> = {
	done: 'complete',
	partial: 'complete but for rows that failed',
	budget: 'stopped by its budget',
	interrupted: 'interrupted',
	failed: 'failed',
};

function header({ plan, run, models }: ReportInput): Html {
	const day = new Date(run.startedAt).toISOString();
	const names = models.map(({ identity }) => identity.model);
	return html`<header>
<p class="kicker">Assay study</p>
<h1>${plan.title}</h1>
<p class="byline"><span class="outcome ${run.outcome}">${OUTCOMES[run.outcome]}</span> <time datetime="${day}">${day.slice(0, 10)}</time>${names.length > 0 ? html` <span>${names.join(', ')}</span>` : null}</p>
${run.stopped ? html`<p class="stopped">${run.stopped}</p>` : null}
</header>`;
}

function contents(input: ReportInput, results: readonly PlanNode[]): Html {
	const link = (anchor: string, text: string, inner = false): Html =>
		html`<li${inner ? html` class="inner"` : null}><a href="#${anchor}">${text}</a></li>`;
	return html`<nav aria-label="Contents"><ul>
${link('results', 'Results')}${results.map(({ id }) => link(anchorOf(id), id, true))}
${input.failures.length > 0 ? link('failures', 'What failed') : null}
${rowsShown(input).length > 0 ? link('rows', 'Rows') : null}
${link('study', 'Study')}${input.models.length > 0 ? link('costs', 'Costs') : null}
${link('environment', 'Environment')}${link('reproduce', 'Reproduce')}
</ul></nav>`;
}

function resultsSection({ values }: ReportInput, results: readonly PlanNode[]): Html {
	if (results.length === 0)
		return html`<section id="results"><h2>Results</h2><p class="none">No table and no figure came out of this run.</p></section>`;
	return html`<section id="results"><h2>Results</h2>${results.map((node) => {
		const value = values.get(node.id);
		const body = isTable(value) ? valueTable(value) : isFigure(value) ? figureHtml(node.id, value) : null;
		return html`<article id="${anchorOf(node.id)}"><h3>${node.id}</h3>${body}</article>`;
	})}</section>`;
}
