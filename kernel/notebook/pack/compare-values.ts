import { sameNumber, sameText } from './compare-text.ts';

const MOST = 8;

/** Where two JSON values differ, each with its path: `data[0].y[3]: 0.71 was packed, 0.73 came now`. */
export function valueDifferences(packed: unknown, now: unknown, tolerance: number): string[] {
	const all: string[] = [];
	walk(packed, now, '', tolerance, all);
	return all.length > MOST ? [...all.slice(0, MOST), `… and ${all.length - MOST} more values`] : all;
}

function walk(a: unknown, b: unknown, path: string, tolerance: number, out: string[]): void {
	if (typeof a === 'number' && typeof b === 'number') {
		if (!sameNumber(a, b, tolerance)) out.push(said(path, a, b));
	} else if (typeof a === 'string' && typeof b === 'string') {
		if (!sameText(a, b, tolerance)) out.push(said(path, a, b));
	} else if (isContainer(a) && isContainer(b) && Array.isArray(a) === Array.isArray(b)) {
		const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
		for (const key of keys)
			walk(
				a[key],
				b[key],
				Array.isArray(a) ? `${path}[${key}]` : `${path}${path && '.'}${key}`,
				tolerance,
				out,
			);
	} else if (a !== b) out.push(said(path, a, b));
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const said = (path: string, a: unknown, b: unknown): string =>
	`${path || 'value'}: ${short(a)} was packed, ${short(b)} came now`;

function short(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
