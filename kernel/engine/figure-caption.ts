import type { Figure } from '../../stdlib/values/figure.ts';
import type { Origins } from './origins.ts';

/** Puts what a figure's numbers come from beside it, for reports: models, rows, day. The picture itself says most of it. */
export function captioned(figure: Figure, origins: Origins): Figure {
	const notices = [...new Set([...figure.notices, ...origins.notices])];
	const date = origins.at > 0 ? new Date(origins.at).toISOString().slice(0, 10) : null;
	const parts = [
		...origins.models,
		...(origins.rows === null ? [] : [`n = ${origins.rows}`]),
		...(date === null ? [] : [date]),
	];
	const meta = {
		...(figure.layout.meta as object | undefined),
		models: origins.models,
		rows: origins.rows,
		date,
		caption: parts.join(' · '),
	};
	return { ...figure, notices, layout: { ...figure.layout, meta } };
}
