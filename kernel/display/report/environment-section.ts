import type { ModelIdentity } from '../../../stdlib/models/provider.ts';
import { shortNumber } from '../../../stdlib/statistics/digits.ts';
import { Data, type Provenance } from '../../../stdlib/values/data.ts';
import { compactCount } from '../amounts.ts';
import { type Html, html } from '../html.ts';
import type { ModelUse, ReportInput } from './input.ts';

/** What the results came from: software, models with the hash of their weights, data with its licence. */
export function environmentSection(input: ReportInput): Html {
	const { environment, version, plan, models, run } = input;
	const facts: (readonly [string, string])[] = [
		['Assay', version],
		['Node', environment.node],
		['platform', environment.platform],
		...Object.entries(environment.more ?? {}),
		['seed', String(plan.study.seed)],
		['run', run.id ?? 'not kept'],
		[
			'started',
			new Date(run.startedAt)
				.toISOString()
				.replace('T', ' ')
				.replace(/\.\d+Z$/, ' UTC'),
		],
	];
	return html`<section id="environment"><h2>Environment</h2>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${models.length > 0 ? modelsTable(models) : null}${dataTable(provenanceOf(input))}</section>`;
}

const modelsTable = (models: readonly ModelUse[]): Html => html`<h3>Models</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Models"><table>
<thead><tr><th scope="col">model</th><th scope="col">provider</th><th scope="col" class="num">weights</th><th scope="col">identity</th></tr></thead>
<tbody>${models.map(
	({ identity, parameters, notice }) =>
		html`<tr><th scope="row">${identity.model}</th><td>${identity.provider}</td><td class="num">${parameters === null ? 'not published' : compactCount(parameters)}</td><td class="identity">${identityText(identity)}${notice ? html`<small>${notice}</small>` : null}</td></tr>`,
)}</tbody></table></div>`;

const identityText = (identity: ModelIdentity): Html[] =>
	Object.entries(identity)
		.filter(([name, value]) => name !== 'provider' && name !== 'model' && value !== undefined)
		.map(
			([name, value]) =>
				html`<span class="pair"><b>${name}</b> <code>${typeof value === 'number' ? shortNumber(value, 6) : String(value)}</code></span> `,
		);

function provenanceOf({ plan, values }: ReportInput): Provenance[] {
	const found = new Map<string, Provenance>();
	for (const { id } of plan.nodes) {
		const value = values.get(id);
		if (!(value instanceof Data)) continue;
		for (const from of value.provenance) found.set(JSON.stringify([from.name, from.source]), from);
	}
	return [...found.values()];
}

function dataTable(data: readonly Provenance[]): Html | null {
	if (data.length === 0) return null;
	return html`<h3>Data</h3><div class="scroll" tabindex="0" role="region" aria-label="Data"><table>
<thead><tr><th scope="col">data set</th><th scope="col">from</th><th scope="col">licence</th><th scope="col">cite</th></tr></thead>
<tbody>${data.map(
		({ name, source, licence, cite, notice }) =>
			html`<tr><th scope="row">${name}</th><td>${source}${notice ? html`<small>${notice}</small>` : null}</td><td>${licence ?? 'not stated'}</td><td>${cite ?? '–'}</td></tr>`,
	)}</tbody></table></div>`;
}
