/** Where the first of the stop texts begins; -1 where there is none. */
export function firstStop(text: string, stops: readonly string[]): number {
	let first = -1;
	for (const stop of stops) {
		const at = stop === '' ? -1 : text.indexOf(stop);
		if (at >= 0 && (first < 0 || at < first)) first = at;
	}
	return first;
}
