/** Players i and j by number, and the result of i: 1, 0.5 or 0. */
export type Game = readonly [i: number, j: number, result: number];

export interface EloOptions {
	readonly players: number;
	/** Points moved by a surprise of 1. */
	readonly k?: number;
	readonly initial?: number;
	/** Rating difference at which the odds are ten to one. */
	readonly scale?: number;
}

/** Elo ratings after the games in their order; both ratings of a game change at once. */
export function eloSequential(
	games: readonly Game[],
	{ players, k = 32, initial = 1500, scale = 400 }: EloOptions,
): Float64Array {
	const ratings = new Float64Array(players).fill(initial);
	for (const [i, j, result] of games) {
		const expected = 1 / (1 + 10 ** (((ratings[j] as number) - (ratings[i] as number)) / scale));
		const change = k * (result - expected);
		ratings[i] = (ratings[i] as number) + change;
		ratings[j] = (ratings[j] as number) - change;
	}
	return ratings;
}
