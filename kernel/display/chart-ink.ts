/** Terminal colours of a chart's series, near the figure's palette. */
const SERIES = [34, 31, 32, 35, 33, 36, 37] as const;

/** Told apart without colour. */
const MARKERS = ['●', '■', '◆', '▲', '○', '□', '◇', '△'] as const;

export const markerOf = (series: number): string => MARKERS[series % MARKERS.length] as string;

export type Ink = (text: string) => string;

export const inkOf = (series: number, color: boolean): Ink => {
	const code = SERIES[series % SERIES.length] as number;
	return color ? (text) => `\u001b[${code}m${text}\u001b[39m` : (text) => text;
};

/** One character cell of a canvas. */
interface Cell {
	character: string;
	ink: Ink;
}

const NO_INK: Ink = (text) => text;

/** Bits of a braille character by row and column of its dots. */
const DOTS = [
	[0x01, 0x08],
	[0x02, 0x10],
	[0x04, 0x20],
	[0x40, 0x80],
] as const;

/** A grid of characters on which lines are drawn in braille dots, two by four in a cell, and marks over them. */
export class Canvas {
	readonly width: number;
	readonly height: number;
	private readonly cells: (Cell | null)[];
	private readonly dots: Uint8Array;
	private readonly dotInk: (Ink | null)[];

	constructor(width: number, height: number) {
		this.width = width;
		this.height = height;
		this.cells = new Array(width * height).fill(null);
		this.dots = new Uint8Array(width * height);
		this.dotInk = new Array(width * height).fill(null);
	}

	/** A dot at a place given as shares of the width and, from below, of the height. */
	dot(across: number, up: number, ink: Ink): void {
		const x = Math.min(2 * this.width - 1, Math.floor(across * 2 * this.width));
		const y = Math.min(4 * this.height - 1, Math.floor((1 - up) * 4 * this.height));
		if (!(x >= 0 && y >= 0)) return;
		const at = (y >> 2) * this.width + (x >> 1);
		this.dots[at] = (this.dots[at] as number) | (DOTS[y & 3]?.[x & 1] ?? 0);
		this.dotInk[at] ??= ink;
	}

	line(from: readonly [number, number], to: readonly [number, number], ink: Ink, every = 1): void {
		const steps = Math.max(
			1,
			Math.ceil(
				Math.max(Math.abs(to[0] - from[0]) * 2 * this.width, Math.abs(to[1] - from[1]) * 4 * this.height),
			),
		);
		for (let i = 0; i <= steps; i += every) {
			const t = i / steps;
			this.dot(from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]), ink);
		}
	}

	column(across: number): number {
		return Math.max(0, Math.min(this.width - 1, Math.floor(across * this.width)));
	}

	row(up: number): number {
		return Math.max(0, Math.min(this.height - 1, Math.floor((1 - up) * this.height)));
	}

	/** `over` replaces what is there. */
	put(column: number, row: number, character: string, ink: Ink, over = true): void {
		const at = row * this.width + column;
		if (over || !this.cells[at]) this.cells[at] = { character, ink };
	}

	lines(): string[] {
		return Array.from({ length: this.height }, (_, row) => {
			let line = '';
			for (let column = 0; column < this.width; column++) line += this.cellText(row * this.width + column);
			return line;
		});
	}

	private cellText(at: number): string {
		const cell = this.cells[at];
		if (cell) return cell.ink(cell.character);
		const dots = this.dots[at] as number;
		return dots === 0 ? ' ' : (this.dotInk[at] ?? NO_INK)(String.fromCodePoint(0x2800 + dots));
	}
}
