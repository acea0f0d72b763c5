const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400 };

/** Seconds in `90s`, `10min`, `2h` or a bare number of seconds; null when it is none of these. */
export function parseDuration(text: string): number | null {
	const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)?$/.exec(text.trim());
	return match ? Number(match[1]) * (UNITS[match[2] ?? 's'] as number) : null;
}

/** A duration as people say it: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function showDuration(seconds: number): string {
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
