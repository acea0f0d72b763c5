/** One line of the table. */
export interface Measurement {
	readonly what: string;
	readonly assay: string;
	/** What it is compared with: a bare loop, another program, or nothing. */
	readonly peer?: string;
	readonly ratio?: string;
	readonly aim?: string;
	/** Whether the aim was met; absent where there is none. */
	readonly met?: boolean;
}

/** Hands a line to `run.ts`, or prints it where a bench runs alone. */
export function report(measurement: Measurement): void {
	if (process.send) {
		process.send(measurement);
		return;
	}
	const { what, assay, peer, ratio, aim, met } = measurement;
	const verdict = met === undefined ? '' : met ? 'met' : 'NOT met';
	process.stdout.write(
		`${[what, assay, peer, ratio, aim, verdict].filter((cell) => cell !== undefined).join(' | ')}\n`,
	);
}

/** Median of a list of numbers. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1
		? (sorted[middle] as number)
		: ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Runs two things in turn, a b a b …, so that a machine that drifts drifts for both. */
export async function alternating<A, B>(
	rounds: number,
	a: () => A | Promise<A>,
	b: () => B | Promise<B>,
): Promise<readonly { readonly a: A; readonly b: B }[]> {
	const results: { a: A; b: B }[] = [];
	for (let i = 0; i < rounds; i++) results.push({ a: await a(), b: await b() });
	return results;
}

export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} s`;
export const ms = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`;
export const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
export const count = (value: number): string => Math.round(value).toLocaleString('en');
