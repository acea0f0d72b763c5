import { UserError } from '../define.ts';

export interface BradleyTerry {
	/** Maximum likelihood log strengths, mean zero. */
	readonly logStrength: Float64Array;
	/** From the pseudo-inverse of the information matrix. */
	readonly standardError: Float64Array;
	/** 1500 + 400/ln 10 · log strength. */
	readonly elo: Float64Array;
	readonly negativeLogLikelihood: number;
	/** P(i beats j). */
	winProbability(i: number, j: number): number;
}

/**
 * Bradley–Terry strengths from `wins[i][j]`, the times i beat j (a tie is half a win for each), by Newton's method.
 * Throws a UserError where some players never lost to the others, since then no finite maximum exists (Ford 1957).
 */
export function bradleyTerry(wins: readonly (readonly number[])[]): BradleyTerry {
	const n = wins.length;
	requireConnected(wins);
	const strength = new Float64Array(n);
	const probability = (i: number, j: number): number =>
		1 / (1 + Math.exp((strength[j] as number) - (strength[i] as number)));
	let likelihood = negativeLogLikelihood(wins, probability);
	for (let step = 0; step < 200; step++) {
		const { gradient, information } = derivatives(wins, probability);
		const move = solve(information, gradient);
		const before = strength.slice();
		let scale = 1;
		let next: number;
		// Newton's step may overshoot far from the maximum.
		for (;;) {
			for (let i = 0; i < n; i++) strength[i] = (before[i] as number) + scale * (move[i] as number);
			next = negativeLogLikelihood(wins, probability);
			if (next <= likelihood + 1e-12 * Math.abs(likelihood) || scale < 1e-6) break;
			scale /= 2;
		}
		likelihood = next;
		if (move.every((x) => Math.abs(x) < 1e-12)) break;
	}
	const { information } = derivatives(wins, probability);
	return {
		logStrength: strength,
		standardError: errorsOf(information),
		elo: strength.map((x) => 1500 + (400 / Math.LN10) * x),
		negativeLogLikelihood: likelihood,
		winProbability: probability,
	};
}

type Matrix = Float64Array<ArrayBufferLike>[];

/** Everyone must be reachable from everyone by "beat at least once". */
function requireConnected(wins: readonly (readonly number[])[]): void {
	const reached = (edge: (i: number, j: number) => boolean): number => {
		const seen = new Set([0]);
		for (const i of seen) for (let j = 0; j < wins.length; j++) if (edge(i, j)) seen.add(j);
		return seen.size;
	};
	const beat = (i: number, j: number): boolean => (wins[i]?.[j] ?? 0) > 0;
	if (wins.length < 2 || reached(beat) < wins.length || reached((i, j) => beat(j, i)) < wins.length) {
		throw new UserError(
			'these games do not fix the strengths: some players never lost to, or never met, the others',
			'play more games between them, or rate them with Elo',
		);
	}
}

function negativeLogLikelihood(
	wins: readonly (readonly number[])[],
	probability: (i: number, j: number) => number,
): number {
	let sum = 0;
	wins.forEach((row, i) => {
		row.forEach((count, j) => {
			if (i !== j && count > 0) sum -= count * Math.log(probability(i, j));
		});
	});
	return sum;
}

/** Gradient of the log likelihood, and the information matrix with 1/n added everywhere, which fixes the mean at zero. */
function derivatives(wins: readonly (readonly number[])[], probability: (i: number, j: number) => number) {
	const n = wins.length;
	const gradient = new Float64Array(n);
	const information: Matrix = Array.from({ length: n }, () => new Float64Array(n).fill(1 / n));
	for (let i = 0; i < n; i++) {
		for (let j = 0; j < n; j++) {
			if (i === j) continue;
			const games = (wins[i]?.[j] ?? 0) + (wins[j]?.[i] ?? 0);
			const p = probability(i, j);
			gradient[i] = (gradient[i] as number) + (wins[i]?.[j] ?? 0) - games * p;
			const weight = games * p * (1 - p);
			const row = information[i] as Float64Array;
			row[i] = (row[i] as number) + weight;
			row[j] = (row[j] as number) - weight;
		}
	}
	return { gradient, information };
}

/** With 1/n added the inverse is the pseudo-inverse plus 1/n. */
function errorsOf(information: Matrix): Float64Array {
	const n = information.length;
	return Float64Array.from({ length: n }, (_, i) => {
		const unit = new Float64Array(n);
		unit[i] = 1;
		return Math.sqrt(Math.max(0, (solve(information, unit)[i] as number) - 1 / n));
	});
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: Matrix, right: Float64Array): Float64Array {
	const n = right.length;
	const a: Matrix = matrix.map((row, i) => Float64Array.from([...row, right[i] as number]));
	const at = (i: number, j: number): number => (a[i] as Float64Array)[j] as number;
	for (let column = 0; column < n; column++) {
		let pivot = column;
		for (let i = column + 1; i < n; i++) if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i;
		[a[column], a[pivot]] = [a[pivot] as Float64Array, a[column] as Float64Array];
		for (let i = column + 1; i < n; i++) {
			const factor = at(i, column) / at(column, column);
			const row = a[i] as Float64Array;
			for (let j = column; j <= n; j++) row[j] = (row[j] as number) - factor * at(column, j);
		}
	}
	const x = new Float64Array(n);
	for (let i = n - 1; i >= 0; i--) {
		let sum = at(i, n);
		for (let j = i + 1; j < n; j++) sum -= at(i, j) * (x[j] as number);
		x[i] = sum / at(i, i);
	}
	return x;
}
