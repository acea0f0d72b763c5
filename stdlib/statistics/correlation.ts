import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, type Pairs, pairsOf } from './cells.ts';
import { normalTwoSided, tTwoSided } from './distributions.ts';
import { estimate, LEVEL, normalCritical, noValue } from './interval.ts';
import { kendallCounts } from './kendall.ts';
import { average } from './moments.ts';
import { averageRanks } from './ranks.ts';

/** Pearson's r; null for fewer than two pairs or where a side does not vary. */
export function pearsonOf(x: Float64Array, y: Float64Array): number | null {
	if (x.length < 2) return null;
	const [meanX, meanY] = [average(x), average(y)];
	let [xx, yy, xy] = [0, 0, 0];
	for (let i = 0; i < x.length; i++) {
		const dx = (x[i] as number) - meanX;
		const dy = (y[i] as number) - meanY;
		xx += dx * dx;
		yy += dy * dy;
		xy += dx * dy;
	}
	return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

const spearmanOf = (x: Float64Array, y: Float64Array): number | null =>
	pearsonOf(averageRanks(x), averageRanks(y));

/** Kendall's τ-b; null where a side does not vary. */
function kendallOf(x: Float64Array, y: Float64Array): number | null {
	const { score, pairs, tiedX, tiedY } = kendallCounts(x, y);
	return pairs === tiedX || pairs === tiedY
		? null
		: score / Math.sqrt(pairs - tiedX) / Math.sqrt(pairs - tiedY);
}

/** Two-sided p of r or ρ from t with n - 2 degrees of freedom. */
const tTest = (r: number, n: number): number =>
	Math.abs(r) === 1 ? 0 : tTwoSided(r * Math.sqrt((n - 2) / (1 - r * r)), n - 2);

interface Kind {
	readonly name: string;
	readonly value: (x: Float64Array, y: Float64Array) => number | null;
	/** Standard error of atanh of the coefficient. */
	readonly zError: (value: number, n: number) => number;
	readonly test: (value: number, pairs: Pairs) => { readonly name: string; readonly p: number };
	/** Fewest pairs for an interval. */
	readonly least: number;
}

const PEARSON: Kind = {
	name: 'fisher z',
	value: pearsonOf,
	zError: (_, n) => 1 / Math.sqrt(n - 3),
	test: (r, { x }) => ({ name: 't', p: tTest(r, x.length) }),
	least: 4,
};

const SPEARMAN: Kind = {
	name: 'fisher z (Bonett & Wright)',
	value: spearmanOf,
	zError: (r, n) => Math.sqrt((1 + (r * r) / 2) / (n - 3)),
	test: (r, { x }) => ({ name: 't', p: tTest(r, x.length) }),
	least: 4,
};

const KENDALL: Kind = {
	name: 'fisher z (Fieller)',
	value: kendallOf,
	zError: (_, n) => Math.sqrt(0.437 / (n - 4)),
	test: (_, { x, y }) => {
		const { score, variance } = kendallCounts(x, y);
		return { name: 'normal, tie-corrected', p: normalTwoSided(score / Math.sqrt(variance)) };
	},
	least: 5,
};

/** Rounding leaves a perfect coefficient a few units in the last place from ±1, on either side: there it is ±1. */
function coefficient(kind: Kind, { x, y }: Pairs): number | null {
	const value = kind.value(x, y);
	return value !== null && Math.abs(value) > 1 - 1e-12 ? Math.sign(value) : value;
}

function correlate(kind: Kind, xs: Cells<number | boolean>, ys: Cells<number | boolean>): Estimate {
	const pairs = pairsOf(xs, ys);
	const n = pairs.x.length;
	const value = coefficient(kind, pairs);
	if (value === null) return noValue(pairs.missing, kind.name, n);
	if (n < kind.least)
		return estimate({
			value,
			n,
			missing: pairs.missing,
			method: `${kind.name} (too few pairs for an interval)`,
		});
	const test = kind.test(value, pairs);
	// At ±1 Fisher's z is infinite: every pair lies on the line and the sample says nothing of the error.
	if (Math.abs(value) === 1)
		return estimate({
			value,
			n,
			missing: pairs.missing,
			method: `${kind.name} (perfect, no interval)`,
			test,
		});
	const z = Math.atanh(value);
	const zError = kind.zError(value, n);
	const half = normalCritical(LEVEL) * zError;
	return estimate({
		value,
		se: (1 - value * value) * zError,
		low: Math.tanh(z - half),
		high: Math.tanh(z + half),
		n,
		missing: pairs.missing,
		method: kind.name,
		test,
	});
}

/** Pearson's r with Fisher's interval, tanh(atanh r ± z/√(n - 3)). */
export const pearson = (x: Cells<number | boolean>, y: Cells<number | boolean>): Estimate =>
	correlate(PEARSON, x, y);

/** Spearman's ρ (ties share ranks), interval by Bonett & Wright 2000. */
export const spearman = (x: Cells<number | boolean>, y: Cells<number | boolean>): Estimate =>
	correlate(SPEARMAN, x, y);

/** Kendall's τ-b, interval by Fieller et al. 1957. */
export const kendall = (x: Cells<number | boolean>, y: Cells<number | boolean>): Estimate =>
	correlate(KENDALL, x, y);

type PairArgs = { x: Column<number>; y: Column<number> };

const describe = (name: string, kind: Kind, doc: string, cite: string) =>
	define<PairArgs, Estimate>({
		name,
		signature: `${name}(x: Column<Number? | Bool?>, y: Column<Number? | Bool?>) -> Estimate`,
		doc: `${doc} Rows in which either side is missing are left out and counted.`,
		cite,
		example: `r = ${name}(p_female, x.bls_female)`,
		version: 1,
		acceptsMissing: true,
		run: ({ x, y }) => correlate(kind, x, y),
		point: ({ x, y }) => coefficient(kind, pairsOf(x, y)),
	});

export const pearsonDefinition = describe(
	'pearson',
	PEARSON,
	"Pearson's correlation, with Fisher's z interval and a two-sided t test with n - 2 degrees of freedom.",
	'Fisher 1921',
);
export const spearmanDefinition = describe(
	'spearman',
	SPEARMAN,
	"Spearman's rank correlation; ties share the average of their ranks.",
	'Bonett & Wright 2000, Psychometrika 65:23',
);
export const kendallDefinition = describe(
	'kendall',
	KENDALL,
	"Kendall's rank correlation τ-b, which corrects for ties.",
	'Kendall 1945; Fieller, Hartley & Pearson 1957; Knight 1966',
);
