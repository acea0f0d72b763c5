import type { DisplayData } from '../contracts.ts';

/** More text than this makes a notebook that no browser opens. */
const TEXT_CHARS = 1_000_000;

/** Cuts text that is too long to show, and says so in it. Other forms are left as they are. */
export function shortened(shown: DisplayData): DisplayData {
	const text = shown.data['text/plain'];
	if (typeof text !== 'string' || text.length <= TEXT_CHARS) return shown;
	const left = (text.length - TEXT_CHARS).toLocaleString('en');
	const cut = `${text.slice(0, TEXT_CHARS)}\n[… ${left} characters left out here: too much for a notebook …]`;
	return { ...shown, data: { ...shown.data, 'text/plain': cut } };
}
