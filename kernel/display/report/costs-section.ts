import { count, counted, dollars, spending } from '../amounts.ts';
import { type Html, html } from '../html.ts';
import type { ModelUse, ReportInput } from './input.ts';

/** What each model was asked for and what that cost. */
export function costsSection({ models, priceDate, spent }: ReportInput): Html | null {
	if (models.length === 0) return null;
	const priced = models.filter(({ usd }) => usd !== null);
	const total = priced.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
	const unknown = models.length - priced.length;
	return html`<section id="costs"><h2>Costs</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Costs by model"><table>
<thead><tr><th scope="col">model</th><th scope="col">provider</th><th scope="col" class="num">calls</th><th scope="col" class="num">tokens in</th><th scope="col" class="num">tokens out</th><th scope="col" class="num">cost</th></tr></thead>
<tbody>${models.map(costRow)}</tbody>
<tfoot><tr><th scope="row" colspan="5">all${unknown > 0 ? html`, without ${counted(unknown, 'model')} whose price is not known` : null}</th><td class="num">${dollars(total)}</td></tr></tfoot>
</table></div>
<p class="legend">These are the calls behind the results, in whatever run they were made; this run spent ${spent.calls === 0 ? 'nothing' : spending(spent.usd, spent.unpriced)}.${priceDate ? html` Prices as of ${priceDate}.` : null}</p></section>`;
}

const costRow = ({ identity, calls, inputTokens, outputTokens, usd }: ModelUse): Html =>
	html`<tr><th scope="row">${identity.model}</th><td>${identity.provider}</td><td class="num">${count(calls)}</td><td class="num">${count(inputTokens)}</td><td class="num">${count(outputTokens)}</td><td class="num">${usd === null ? html`<span class="none">price unknown</span>` : dollars(usd)}</td></tr>`;
