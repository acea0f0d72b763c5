import { LineMap } from '../../../dsl/line-map.ts';
import { type Html, html } from '../html.ts';
import { lineAnchor } from './anchors.ts';
import { highlightLines } from './highlight.ts';
import type { ReportInput } from './input.ts';

/** The program with line numbers; lines where something failed are marked. */
export function sourceSection({ plan, failures }: ReportInput): Html {
	const map = new LineMap(plan.source.text);
	const bad = new Set(
		failures.flatMap(({ span, code }) => (span && code !== 'blocked' ? [map.lineAt(span[0])] : [])),
	);
	const lines = highlightLines(plan.source.text.trimEnd());
	return html`<section id="study"><h2>Study</h2>
${plan.study.cites.length > 0 ? html`<p class="cites">After ${plan.study.cites.join(', ')}</p>` : null}
<div class="scroll" tabindex="0" role="region" aria-label="Source of the study"><pre class="source"><code>${lines.map(
		(
			line,
			i,
		) => html`<span class="line${bad.has(i + 1) ? ' bad' : ''}" id="${lineAnchor(i + 1)}"><span class="ln" aria-hidden="true">${i + 1}</span><span class="lc">${line}
</span></span>`,
	)}</code></pre></div></section>`;
}
