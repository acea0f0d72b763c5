import type { DisplayData, MimeBundle } from '../contracts.ts';
import { inspectSafely } from './errors.ts';

/** The way in which Deno's kernel lets an object say how it is shown. */
const DISPLAY = Symbol.for('Jupyter.display');

/** A cell's value as the front end shows it; null for `undefined`. `present` comes first, and may pass with null. */
export async function presentValue(
	value: unknown,
	present: (value: unknown) => DisplayData | null | Promise<DisplayData | null>,
): Promise<DisplayData | null> {
	if (value === undefined) return null;
	const shown = (await present(value)) ?? (await ownDisplay(value));
	return shown ?? { data: { 'text/plain': inspectSafely(value) }, metadata: {} };
}

async function ownDisplay(value: unknown): Promise<DisplayData | null> {
	if (typeof value !== 'object' || value === null) return null;
	let show: unknown;
	try {
		show = (value as Record<symbol, unknown>)[DISPLAY];
	} catch {
		return null;
	}
	if (typeof show !== 'function') return null;
	const data = (await show.call(value)) as MimeBundle | null;
	return typeof data === 'object' && data !== null ? { data, metadata: {} } : null;
}
