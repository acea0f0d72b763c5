import test from 'ava';
import {
	binomialCdf,
	chiSquareTail,
	normalCdf,
	normalQuantile,
	tCritical,
	tTwoSided,
} from '../../../stdlib/statistics/distributions.ts';
import { close } from './golden.ts';

// Values of scipy 1.x: norm.cdf, norm.ppf, 2·t.sf, t.ppf(0.975), chi2.sf, binom.cdf.

test('normalCdf keeps its relative precision far into the tail', (t) => {
	const cases = [
		[-8, 6.22096057427174e-16],
		[-3, 0.0013498980316300933],
		[-1, 0.15865525393145707],
		[0.5, 0.6914624612740131],
		[2, 0.9772498680518208],
	] as const;
	for (const [z, want] of cases) close(t, normalCdf(z), want, 1e-12, 0, `z = ${z}`);
});

test('normalQuantile inverts normalCdf', (t) => {
	const cases = [
		[1e-10, -6.361340902404056],
		[0.001, -3.090232306167813],
		[0.025, -1.9599639845400545],
		[0.3, -0.5244005127080409],
		[0.975, 1.959963984540054],
	] as const;
	for (const [p, want] of cases) close(t, normalQuantile(p), want, 1e-13, 0, `p = ${p}`);
	t.is(normalQuantile(0), Number.NEGATIVE_INFINITY);
});

test('tTwoSided and tCritical hold from one degree of freedom to many, whole or not', (t) => {
	const tails = [
		[0.5, 1, 0.7048327646991335],
		[2.5, 3, 0.08770664700806556],
		[2, 1000, 0.04577034649325166],
		[10, 7, 2.1394202890772802e-5],
		[1.5, 12.7, 0.1580585706577118],
	] as const;
	for (const [x, df, want] of tails) close(t, tTwoSided(x, df), want, 1e-9, 0, `t = ${x}, df = ${df}`);
	const criticals = [
		[1, 12.706204736174694],
		[2, 4.302652729749462],
		[5, 2.5705818356363146],
		[30, 2.0422724563012378],
		[100_000, 1.9599877075346095],
	] as const;
	for (const [df, want] of criticals) close(t, tCritical(0.95, df), want, 1e-9, 0, `df = ${df}`);
});

test('chiSquareTail and binomialCdf match reference values', (t) => {
	close(t, chiSquareTail(0.1, 1), 0.7518296340458492);
	close(t, chiSquareTail(3.84, 1), 0.05004352124870519);
	close(t, chiSquareTail(30, 1), 4.3204630578274955e-8);
	close(t, chiSquareTail(5, 4), 0.2872974951836458);
	close(t, binomialCdf(3, 10, 0.5), 0.171875);
	close(t, binomialCdf(0, 5, 0.2), 0.32768);
	close(t, binomialCdf(480, 1000, 0.5), 0.10872414660207075);
	close(t, binomialCdf(99, 100, 0.97), 0.9524474920745943);
	t.is(binomialCdf(10, 10, 0.5), 1);
});
