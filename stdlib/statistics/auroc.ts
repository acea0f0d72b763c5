import { define } from '../define.ts';
import type { Choice } from '../values/choice.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, pairsOf, toScore } from './cells.ts';
import { estimate, type Interval, LEVEL, normalCritical, noValue } from './interval.ts';
import { average, variance } from './moments.ts';
import { averageRanks } from './ranks.ts';

/** Scores of the rows that are right and of those that are wrong. */
interface TwoClasses {
	readonly right: Float64Array;
	readonly wrong: Float64Array;
	readonly missing: number;
}

function classesOf(score: Cells<unknown>, correct: Cells<boolean>): TwoClasses {
	const { x, y, missing } = pairsOf(score, correct, toScore);
	return { right: x.filter((_, i) => y[i] === 1), wrong: x.filter((_, i) => y[i] !== 1), missing };
}

/**
 * Area under the ROC curve: the chance that a right row has a higher score than a wrong one, ties one half. Standard error
 * by DeLong et al. 1988 in n log n (Sun & Xu 2014); the interval is normal on the logit scale, which keeps it in 0…1.
 */
export function auroc(score: Cells<number | Choice>, correct: Cells<boolean>): Estimate {
	const { right, wrong, missing } = classesOf(score, correct);
	const [m, k] = [right.length, wrong.length];
	const n = m + k;
	if (n === 0) return noValue(missing, 'delong');
	if (m === 0 || k === 0) return noValue(missing, `delong (only ${m === 0 ? 'wrong' : 'right'} rows)`, n);
	const { value, ofRight, ofWrong } = placements(right, wrong);
	const [varRight, varWrong] = [variance(ofRight), variance(ofWrong)];
	const se = varRight === null || varWrong === null ? null : Math.sqrt(varRight / m + varWrong / k);
	const degenerate = se === null || se === 0;
	return estimate({
		value,
		se: degenerate ? null : se,
		...(degenerate ? scoreInterval(value, m, k) : logitInterval(value, se)),
		n,
		missing,
		method: degenerate ? 'newcombe score' : 'delong, logit scale',
	});
}

/** For each row the share of the other class that it beats (or that beat it), from ranks. */
function placements(right: Float64Array, wrong: Float64Array) {
	const [m, k] = [right.length, wrong.length];
	const all = new Float64Array(m + k);
	all.set(right);
	all.set(wrong, m);
	const ranks = averageRanks(all);
	const [rankRight, rankWrong] = [averageRanks(right), averageRanks(wrong)];
	const ofRight = rankRight.map((rank, i) => ((ranks[i] as number) - rank) / k);
	const ofWrong = rankWrong.map((rank, i) => 1 - ((ranks[m + i] as number) - rank) / m);
	return { value: average(ofRight), ofRight, ofWrong };
}

function logitInterval(value: number, se: number): Interval {
	const centre = Math.log(value / (1 - value));
	const half = (normalCritical(LEVEL) * se) / (value * (1 - value));
	const inverse = (x: number): number => 1 / (1 + Math.exp(-x));
	return { low: inverse(centre - half), high: inverse(centre + half) };
}

/** Newcombe 2006, method 5: for classes that separate entirely, where DeLong's error is zero. */
function scoreInterval(value: number, m: number, k: number): Interval {
	const z2 = normalCritical(LEVEL) ** 2;
	const half = (m + k) / 2 - 1;
	const spread = (a: number): number =>
		((a * (1 - a)) / (m * k)) * (1 + (half * (1 - a)) / (2 - a) + (half * a) / (1 + a));
	const outside = (a: number): boolean => (a - value) ** 2 > z2 * spread(a);
	return { low: bisect(0, value, outside), high: bisect(1, value, outside) };
}

/** Where `outside` turns false on the way from `out` to `inside`. */
function bisect(out: number, inside: number, outside: (x: number) => boolean): number {
	if (!outside(out)) return out;
	let [a, b] = [out, inside];
	for (let i = 0; i < 60; i++) {
		const middle = (a + b) / 2;
		if (outside(middle)) a = middle;
		else b = middle;
	}
	return (a + b) / 2;
}

export const aurocDefinition = define<{ score: Column<number | Choice>; correct: Column<boolean> }, Estimate>(
	{
		name: 'auroc',
		signature: 'auroc(score: Column<Number? | Choice>, correct: Column<Bool?>) -> Estimate',
		doc: "Area under the ROC curve: the chance that a row that is right has a higher score than one that is wrong, ties counting one half; 0.5 is chance. Of a Choice the best option's probability is the score. DeLong's standard error, interval on the logit scale. Missing pairs are left out and counted.",
		cite: 'DeLong et al. 1988, Biometrics 44:837; Newcombe 2006, Stat. Med. 25:559',
		example: 'auroc = auroc(p_true, correct)',
		version: 1,
		acceptsMissing: true,
		run: ({ score, correct }) => auroc(score, correct),
		point: ({ score, correct }) => {
			const { right, wrong } = classesOf(score, correct);
			return right.length === 0 || wrong.length === 0 ? null : placements(right, wrong).value;
		},
	},
);
