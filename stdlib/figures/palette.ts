/** Okabe & Ito's colours, told apart with every common colour blindness; yellow is left out as too pale for lines on white. */
export const PALETTE = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'] as const;

/** Shape tells groups apart without colour, and beyond the palette's end. */
const SYMBOLS = [
	'circle',
	'square',
	'diamond',
	'triangle-up',
	'cross',
	'x',
	'triangle-down',
	'star',
] as const;
const DASHES = ['solid', 'dash', 'dot', 'dashdot', 'longdash'] as const;

export interface Style {
	readonly color: string;
	readonly symbol: string;
	readonly dash: string;
}

export function styleOf(group: number): Style {
	return {
		color: PALETTE[group % PALETTE.length] as string,
		symbol: SYMBOLS[group % SYMBOLS.length] as string,
		dash: DASHES[Math.floor(group / PALETTE.length) % DASHES.length] as string,
	};
}
