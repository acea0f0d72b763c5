import { visibleControls } from './html.ts';

/** Tags without attributes that only shape text; `extra` is Plotly's own, of hover texts. */
const OTHER_TAGS = /<(?!\/?(?:b|i|em|strong|sub|sup|br|extra)\s*\/?>)/gi;

/** A specification whose texts cannot bring links or scripts: Plotly reads a subset of HTML in every one of them. */
export function plotlySafe(value: unknown): unknown {
	if (typeof value === 'string') return visibleControls(value).replace(OTHER_TAGS, '&lt;');
	if (Array.isArray(value)) return value.map(plotlySafe);
	if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plotlySafe(each)]));
}
