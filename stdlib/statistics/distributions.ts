/**
 * Tail probabilities and quantiles of the normal, t, chi-square and binomial distributions, to about 1e-12 relative.
 * Incomplete beta and gamma functions by series and continued fractions (Abramowitz & Stegun 6.5 and 26.5).
 */

const EPSILON = 1e-16;
const TINY = 1e-300;

/** Lanczos approximation with g = 7 and nine terms; x > 0. */
const LANCZOS = [
	0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
	12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

export function logGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	const shifted = x - 1;
	let sum = LANCZOS[0] as number;
	for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] as number) / (shifted + i);
	const t = shifted + 7.5;
	return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised upper incomplete gamma Q(a, x). */
export function gammaTail(a: number, x: number): number {
	if (x <= 0) return 1;
	const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
	return x < a + 1 ? 1 - front * gammaSeries(a, x) : front * gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
	let term = 1 / a;
	let sum = term;
	for (let n = 1; n < 10_000; n++) {
		term *= x / (a + n);
		sum += term;
		if (term < sum * EPSILON) break;
	}
	return sum;
}

function gammaFraction(a: number, x: number): number {
	let b = x + 1 - a;
	let c = 1 / TINY;
	let d = 1 / b;
	let h = d;
	for (let i = 1; i < 10_000; i++) {
		const an = -i * (i - a);
		b += 2;
		d = 1 / awayFromZero(an * d + b);
		c = awayFromZero(b + an / c);
		const step = d * c;
		h *= step;
		if (Math.abs(step - 1) < EPSILON * 10) break;
	}
	return h;
}

const awayFromZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** Regularised incomplete beta I_x(a, b). */
export function betaRegularised(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
	// The continued fraction converges fast only on this side of the mean.
	if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
	return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
	let c = 1;
	let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
	let h = d;
	for (let m = 1; m < 50_000; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / awayFromZero(1 + even * d);
		c = awayFromZero(1 + even / c);
		h *= d * c;
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / awayFromZero(1 + odd * d);
		c = awayFromZero(1 + odd / c);
		const step = d * c;
		h *= step;
		if (Math.abs(step - 1) < EPSILON * 10) break;
	}
	return h;
}

/** P(Z <= z) of a standard normal. */
export function normalCdf(z: number): number {
	const tail = 0.5 * gammaTail(0.5, (z * z) / 2);
	return z < 0 ? tail : 1 - tail;
}

export const normalTwoSided = (z: number): number => gammaTail(0.5, (z * z) / 2);

/** z with P(Z <= z) = p; Acklam's rational approximation, refined by two Halley steps. */
export function normalQuantile(p: number): number {
	if (p <= 0) return Number.NEGATIVE_INFINITY;
	if (p >= 1) return Number.POSITIVE_INFINITY;
	if (p > 0.5) return -normalQuantile(1 - p);
	let z = p < 0.02425 ? quantileTail(p) : quantileCentre(p - 0.5);
	for (let i = 0; i < 2; i++) {
		const error = ((normalCdf(z) - p) * Math.sqrt(2 * Math.PI)) / Math.exp((-z * z) / 2);
		z -= error / (1 + (z * error) / 2);
	}
	return z;
}

const polynomial = (coefficients: readonly number[], x: number): number =>
	coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

const CENTRE_TOP = [
	-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
	2.506628277459239,
];
const CENTRE_BOTTOM = [
	-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const TAIL_TOP = [
	-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
	2.938163982698783,
];
const TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

const quantileCentre = (q: number): number =>
	(q * polynomial(CENTRE_TOP, q * q)) / polynomial(CENTRE_BOTTOM, q * q);

function quantileTail(p: number): number {
	const q = Math.sqrt(-2 * Math.log(p));
	return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
}

/** Two-sided p value of Student's t. */
export const tTwoSided = (t: number, df: number): number => betaRegularised(df / (df + t * t), df / 2, 0.5);

/** t with P(|T| <= t) = level, e.g. 0.95. */
export function tCritical(level: number, df: number): number {
	const target = 1 - level;
	const logScale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
	let t = normalQuantile(1 - target / 2);
	// From the normal quantile, which lies below, Newton's steps approach from one side: the distribution function is concave here.
	for (let i = 0; i < 100; i++) {
		const density = 2 * Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df));
		const step = (tTwoSided(t, df) - target) / density;
		t += step;
		if (Math.abs(step) < 1e-13 * t) break;
	}
	return t;
}

/** P(X >= x) of chi-square. */
export const chiSquareTail = (x: number, df: number): number => gammaTail(df / 2, x / 2);

/** P(X <= k) of a binomial. */
export function binomialCdf(k: number, n: number, p: number): number {
	if (k < 0) return 0;
	if (k >= n) return 1;
	return betaRegularised(1 - p, n - k, k + 1);
}
