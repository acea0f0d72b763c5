import { LineMap } from '../../../dsl/line-map.ts';
import type { Failure } from '../../engine/failures.ts';
import { counted } from '../amounts.ts';
import { type Html, html } from '../html.ts';
import { lineAnchor } from './anchors.ts';
import type { ReportInput } from './input.ts';

/** What failed, by cause, with its place in the program. */
export function failuresSection({ failures, plan }: ReportInput): Html | null {
	if (failures.length === 0) return null;
	const causes = failures.filter(({ code }) => code !== 'blocked');
	const blocked = failures.filter(({ code }) => code === 'blocked').map(({ step }) => step);
	const lines = new LineMap(plan.source.text);
	return html`<section id="failures"><h2>What failed</h2>
<ul class="failures">${causes.map((failure) => failureItem(failure, lines))}</ul>
${blocked.length > 0 ? html`<p>Not computed because of this: ${blocked.join(', ')}.</p>` : null}</section>`;
}

function failureItem({ rows, step, message, help, span, code }: Failure, lines: LineMap): Html {
	const what = rows === undefined ? 'step' : counted(rows, 'row');
	const place = span ? lines.positionAt(span[0]) : null;
	const link = place ? html`, <a href="#${lineAnchor(place.line)}">line ${place.line}</a>` : null;
	return html`<li><p><strong>${what}</strong> of <code>${step || 'the run'}</code>${link}${code ? html` <span class="chip">${code}</span>` : null}</p>
<p class="message">${message}${rows !== undefined && rows > 1 ? html` <small>(the first of them)</small>` : null}</p>${help ? html`<p class="help">${help}</p>` : null}</li>`;
}
