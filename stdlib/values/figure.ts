/** A Plotly figure: plain JSON, as `Plotly.newPlot(div, figure.data, figure.layout)` takes it. */
export interface Figure {
	readonly kind: 'figure';
	readonly data: readonly Readonly<Record<string, unknown>>[];
	readonly layout: Readonly<Record<string, unknown>>;
	readonly notices: readonly string[];
}

export const isFigure = (value: unknown): value is Figure =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'figure';
