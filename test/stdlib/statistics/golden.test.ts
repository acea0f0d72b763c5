import test from 'ava';
import { auroc } from '../../../stdlib/statistics/auroc.ts';
import { bradleyTerry } from '../../../stdlib/statistics/bradley-terry.ts';
import { calibrationBins, statedOf } from '../../../stdlib/statistics/calibration.ts';
import { ece, maxCalibration, rmsCalibration } from '../../../stdlib/statistics/calibration-errors.ts';
import { clusteredErrors, clustersOf } from '../../../stdlib/statistics/clusters.ts';
import { kendall, pearson, spearman } from '../../../stdlib/statistics/correlation.ts';
import { eloSequential } from '../../../stdlib/statistics/elo.ts';
import { mcnemar } from '../../../stdlib/statistics/mcnemar.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { pairedDifference, welch } from '../../../stdlib/statistics/paired.ts';
import { averageRanks } from '../../../stdlib/statistics/ranks.ts';
import { brier, logLoss } from '../../../stdlib/statistics/scoring-rules.ts';
import { wilsonInterval } from '../../../stdlib/statistics/wilson.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { close, golden, goldenTest } from './golden.ts';

const P_VALUE = 1e-6;

goldenTest('mean with clusters has the golden CR1 error, and clusteredErrors all three', (t) => {
	for (const { name, input, expected } of golden(t, 'statistics', 'clustered_se')) {
		const result = mean(input.x, input.cluster);
		close(t, result.value, expected.mean, 1e-9, 1e-12, name);
		close(t, result.se, expected.se_clustered_cr1, 1e-9, 1e-12, name);
		t.is(result.clusters, expected.clusters);
		t.is(result.n, expected.n);
		close(t, mean(input.x).se, expected.se_naive, 1e-9, 1e-12, name);
		const residuals = Float64Array.from(input.x, (x: number) => x - expected.mean);
		const errors = clusteredErrors(residuals, clustersOf(input.cluster));
		close(t, errors.cr0, expected.se_clustered_cr0, 1e-9, 1e-12, name);
		close(t, errors.plusNaive, expected.se_clustered_plus_naive, 1e-9, 1e-12, name);
		close(t, (errors.cr0 / expected.se_naive) ** 2, expected.design_effect_cr0, 1e-9, 1e-12, name);
	}
});

goldenTest('paired differences match the golden errors, t tests and intervals', (t) => {
	for (const { name, input, expected } of golden(t, 'statistics', 'paired_difference')) {
		const [a, b] = [Float64Array.from(input.a), Float64Array.from(input.b)];
		const result = pairedDifference(a, b);
		close(t, result.difference, expected.mean_difference, 1e-9, 1e-12, name);
		close(t, result.se, expected.se_paired, 1e-9, 1e-12, name);
		close(t, result.seUnpaired, expected.se_unpaired, 1e-9, 1e-12, name);
		close(t, result.t, expected.t, 1e-9, 1e-12, name);
		t.is(result.n - 1, expected.df, name);
		close(t, result.p, expected.p_two_sided, P_VALUE, 0, name);
		close(t, result.normalInterval.low, expected.ci95_normal[0], 1e-9, 1e-12, name);
		close(t, result.normalInterval.high, expected.ci95_normal[1], 1e-9, 1e-12, name);
		close(t, result.correlation, expected.correlation, 1e-9, 1e-12, name);
		const unpaired = welch(a, b);
		close(t, unpaired?.t, expected.welch_t, 1e-9, 1e-12, name);
		close(t, unpaired?.p, expected.welch_p, P_VALUE, 0, name);
	}
});

goldenTest('Wilson intervals match the golden ones at both levels', (t) => {
	for (const { input, expected } of golden(t, 'statistics', 'wilson_interval')) {
		input.successes.forEach((k: number, i: number) => {
			const { low, high } = wilsonInterval(k, input.n[i], input.confidence);
			close(t, low, expected.intervals[i][0]);
			close(t, high, expected.intervals[i][1]);
		});
	}
});

goldenTest("McNemar's tests match the golden ones", (t) => {
	for (const { input, expected } of golden(t, 'statistics', 'mcnemar')) {
		input.only_a_right.forEach((b: number, i: number) => {
			const result = mcnemar(b, input.only_b_right[i]);
			const want = expected.tests[i];
			close(t, result.exact, want.p_exact, P_VALUE);
			close(t, result.chiSquare, want.chi2);
			close(t, result.p, want.p_chi2, P_VALUE);
			close(t, result.chiSquareCorrected, want.chi2_corrected);
			close(t, result.pCorrected, want.p_chi2_corrected, P_VALUE);
		});
	}
});

goldenTest('correlations, their tests and ranks match the golden ones', (t) => {
	for (const { name, input, expected } of golden(t, 'statistics', 'correlation')) {
		const r = pearson(input.x, input.y);
		close(t, r.value, expected.pearson, 1e-9, 1e-12, name);
		close(t, r.test?.p, expected.pearson_p_two_sided, P_VALUE, 0, name);
		const rho = spearman(input.x, input.y);
		close(t, rho.value, expected.spearman, 1e-9, 1e-12, name);
		close(t, rho.test?.p, expected.spearman_p_two_sided_t, P_VALUE, 0, name);
		close(t, kendall(input.x, input.y).value, expected.kendall_tau_b, 1e-9, 1e-12, name);
		t.deepEqual([...averageRanks(Float64Array.from(input.x))], expected.ranks_x);
		t.deepEqual([...averageRanks(Float64Array.from(input.y))], expected.ranks_y);
	}
});

goldenTest('calibration of stated probabilities matches the golden errors and bins', (t) => {
	for (const { name, input, expected } of golden(t, 'calibration', 'binary')) {
		const { p, bins } = input;
		const y = input.y.map((v: number) => v === 1);
		close(t, ece(p, y, { bins, binning: 'width' }).value, expected.ece_equal_width, 1e-9, 1e-12, name);
		close(t, ece(p, y, { bins, binning: 'mass' }).value, expected.ece_equal_mass, 1e-9, 1e-12, name);
		close(
			t,
			rmsCalibration(p, y, { bins }).value,
			expected.rms_calibration_error_equal_mass,
			1e-9,
			1e-12,
			name,
		);
		close(
			t,
			rmsCalibration(p, y, { bins, binning: 'width' }).value,
			expected.rms_calibration_error_equal_width,
			1e-9,
			1e-12,
			name,
		);
		close(
			t,
			maxCalibration(p, y, { bins }).value,
			expected.max_calibration_error_equal_width,
			1e-9,
			1e-12,
			name,
		);
		close(t, brier(p, y).value, expected.brier, 1e-9, 1e-12, name);
		close(t, logLoss(p, y).value, expected.log_loss, 1e-9, 1e-12, name);
		close(t, auroc(p, y).value, expected.auroc, 1e-9, 1e-12, name);
		const right = p.map((v: number, i: number) => v >= 0.5 === y[i]);
		close(t, mean(right).value, expected.accuracy_at_half, 1e-9, 1e-12, name);
		for (const binning of ['width', 'mass'] as const) {
			const got = calibrationBins(statedOf(p, y), bins, binning);
			const want = expected[`bins_equal_${binning}`];
			t.deepEqual(
				got.map((bin) => bin.count),
				want.map((bin: { count: number }) => bin.count),
				name,
			);
			got.forEach((bin, i) => {
				if (want[i].mean_p === null) {
					t.is(bin.meanP, null);
					return;
				}
				close(t, bin.meanP, want[i].mean_p, 1e-9, 1e-12, name);
				close(t, bin.meanY, want[i].mean_y, 1e-9, 1e-12, name);
			});
		}
	}
});

goldenTest(
	"calibration of choices reads the best option's probability, and scores against the answer's name",
	(t) => {
		for (const { name, input, expected } of golden(t, 'calibration', 'multiclass_top1')) {
			const [rows, classes] = input.probs.shape;
			const options = Array.from({ length: classes }, (_, i) => `option ${i}`);
			const choices = Array.from({ length: rows }, (_, i) => {
				const probs = input.probs.data.slice(i * classes, (i + 1) * classes);
				return new Choice(options, probs, null, { by: 'logprob', normalise: 'raw' });
			});
			const answers: string[] = input.y.map((i: number) => `option ${i}`);
			const correct = choices.map((choice, i) => choice.best === answers[i]);
			const { bins } = input;
			close(t, mean(correct).value, expected.accuracy, 1e-9, 1e-12, name);
			const confidence = choices.map((choice) => choice.bestProb);
			close(t, mean(confidence).value, expected.mean_confidence, 1e-9, 1e-12, name);
			close(
				t,
				ece(choices, correct, { bins, binning: 'mass' }).value,
				expected.ece_equal_mass,
				1e-9,
				1e-12,
				name,
			);
			close(
				t,
				ece(choices, correct, { bins, binning: 'width' }).value,
				expected.ece_equal_width,
				1e-9,
				1e-12,
				name,
			);
			close(
				t,
				rmsCalibration(choices, correct, { bins }).value,
				expected.rms_calibration_error_equal_mass,
				1e-9,
				1e-12,
				name,
			);
			close(t, logLoss(choices, answers).value, expected.log_loss, 1e-9, 1e-12, name);
			close(t, brier(choices, answers).value, expected.brier_sum_over_classes, 1e-9, 1e-12, name);
			close(t, auroc(choices, correct).value, expected.auroc_confidence_vs_correct, 1e-9, 1e-12, name);
		}
	},
);

goldenTest('Elo ratings match the golden ones after every game', (t) => {
	for (const { input, expected } of golden(t, 'ratings', 'elo_sequential')) {
		input.games.forEach(([i, j]: [number, number], g: number) => {
			const ratings = eloSequential(input.games.slice(0, g + 1), input);
			close(t, ratings[i], expected.after_each_game[g][0], 1e-8, 1e-8);
			close(t, ratings[j], expected.after_each_game[g][1], 1e-8, 1e-8);
		});
		const last = eloSequential(input.games, input);
		expected.ratings.forEach((want: number, i: number) => {
			close(t, last[i], want, 1e-8, 1e-8);
		});
	}
});

goldenTest('Bradley–Terry strengths and errors match the golden ones', (t) => {
	for (const { input, expected } of golden(t, 'ratings', 'bradley_terry')) {
		const fit = bradleyTerry(input.wins);
		expected.log_strength.forEach((want: number, i: number) => {
			close(t, fit.logStrength[i], want, 0, 1e-6);
			close(t, Math.exp(fit.logStrength[i] as number), expected.strength[i], 0, 1e-6);
			close(t, fit.standardError[i], expected.standard_error[i], 0, 1e-6);
			close(t, fit.elo[i], expected.elo_scale[i], 0, 1e-3);
			expected.win_probability[i].forEach((p: number, j: number) => {
				close(t, fit.winProbability(i, j), p, 0, 1e-6);
			});
		});
		close(t, fit.negativeLogLikelihood, expected.negative_log_likelihood);
	}
});

test('Bradley–Terry refuses games that fix no strengths', (t) => {
	const error = t.throws(() =>
		bradleyTerry([
			[0, 3],
			[0, 0],
		]),
	);
	t.regex(error?.message ?? '', /never lost/);
});
