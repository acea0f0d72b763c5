/** Median of a list of numbers. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1
		? (sorted[middle] as number)
		: ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Runs two things in turn, a b a b …, so that a machine that drifts drifts for both; gives the median of the ratios a/b. */
export async function paired(
	rounds: number,
	a: () => Promise<number>,
	b: () => Promise<number>,
): Promise<{ a: number; b: number; ratio: number }> {
	const results: { a: number; b: number }[] = [];
	await a();
	await b();
	for (let i = 0; i < rounds; i++) results.push({ a: await a(), b: await b() });
	return {
		a: median(results.map((r) => r.a)),
		b: median(results.map((r) => r.b)),
		ratio: median(results.map((r) => r.a / r.b)),
	};
}

export const row = (name: string, ...cells: readonly string[]): void => {
	process.stdout.write(`${name.padEnd(52)}${cells.map((cell) => cell.padStart(16)).join('')}\n`);
};

export const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`;
export const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
