import type { Figure } from '../../../stdlib/values/figure.ts';
import { html, trustedHtml } from '../html.ts';
import { plotlySafe } from '../plotly-safe.ts';
import { figureSvg } from '../svg/figure-svg.ts';
import { textChart } from '../text-chart.ts';
import type { MimeBundle } from './bundle.ts';

/**
 * A figure for every front end: Plotly's own type where there is a renderer for it, a picture with its values on hover
 * where there is none, the same picture for pages that show images only, and characters for the rest.
 */
export function figureBundle(figure: Pick<Figure, 'data' | 'layout'> & Partial<Figure>): MimeBundle {
	const whole: Figure = {
		kind: 'figure',
		data: figure.data,
		layout: figure.layout,
		notices: figure.notices ?? [],
	};
	const svg = figureSvg(whole);
	return {
		'application/vnd.plotly.v1+json': {
			data: plotlySafe(whole.data),
			layout: withShortNumbers(plotlySafe(whole.layout) as Figure['layout'], whole.data),
			config: { responsive: true, displaylogo: false },
		},
		...(svg
			? { 'text/html': html`<div class="assay-figure">${trustedHtml(svg)}</div>`.text, 'image/svg+xml': svg }
			: {}),
		'text/plain': textChart(whole, { width: 90, height: 16 }),
	};
}

/** Three digits of a value that is pointed at, where that leaves its whole part alone. */
function withShortNumbers(layout: Figure['layout'], data: Figure['data']): Figure['layout'] {
	const most = (axis: 'x' | 'y'): number =>
		Math.max(...data.flatMap((trace) => numbersIn(trace[axis])).map(Math.abs), 0);
	const short = (axis: 'x' | 'y') => ({ ...(most(axis) < 1000 ? { hoverformat: '.3~r' } : {}) });
	const axis = (name: 'x' | 'y') => ({ ...short(name), ...(layout[`${name}axis`] as object | undefined) });
	return { ...layout, xaxis: axis('x'), yaxis: axis('y') };
}

const numbersIn = (values: unknown): number[] =>
	Array.isArray(values) ? values.filter((value) => typeof value === 'number') : [];
