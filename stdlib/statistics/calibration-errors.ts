import { define } from '../define.ts';
import type { Choice } from '../values/choice.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import {
	type Binning,
	type CalibrationError,
	type CalibrationOptions,
	calibrationEstimate,
	calibrationPoint,
	statedOf,
} from './calibration.ts';
import type { Cells } from './cells.ts';

const measure =
	(error: CalibrationError, binningByDefault: Binning) =>
	(
		p: Cells<number | Choice>,
		correct: Cells<boolean | number>,
		options: CalibrationOptions = {},
	): Estimate => {
		const { bins = 10, binning = binningByDefault, seed = 0 } = options;
		return calibrationEstimate(error, statedOf(p, correct), { bins, binning, seed });
	};

/** Expected calibration error: Σ (n_b/n)·|mean p - mean y| over bins. */
export const ece = measure('ece', 'width');

/** Root mean square calibration error: √(Σ (n_b/n)·(mean p - mean y)²). */
export const rmsCalibration = measure('rms', 'mass');

/** Largest |mean p - mean y| of a bin. */
export const maxCalibration = measure('max', 'width');

interface CalibrationArgs {
	readonly p: Column<number | Choice>;
	readonly correct: Column<boolean>;
	readonly bins: number;
	readonly binning: Binning;
	readonly seed: number;
}

const TAIL =
	' Of a Choice the best option\'s probability is used. `binning` is "width" (bins of equal width) or "mass" (bins of equal counts). The error is biased upwards in small samples; its standard error and interval are from a bootstrap over rows, the interval with that bias taken off. Missing pairs are left out and counted.';

const describe = (
	name: string,
	error: CalibrationError,
	binning: Binning,
	doc: string,
	cite: string,
	compute: typeof ece,
) =>
	define<CalibrationArgs, Estimate>({
		name,
		signature: `${name}(p: Column<Number? | Choice>, correct: Column<Bool?>, bins: Number = 10, binning: Text = "${binning}", seed: Number = study) -> Estimate`,
		doc: doc + TAIL,
		cite,
		example: `${name} = ${name}(p, correct, bins: 10)`,
		version: 1,
		acceptsMissing: true,
		run: ({ p, correct, ...options }) => compute(p, correct, options),
		point: ({ p, correct, bins, binning: by }) => calibrationPoint(error, statedOf(p, correct), bins, by),
	});

export const eceDefinition = describe(
	'ece',
	'ece',
	'width',
	'Expected calibration error: the gap between stated probability and share right, averaged over bins by their rows.',
	'Naeini et al. 2015; Kadavath et al. 2022, arXiv:2207.05221',
	ece,
);
export const rmsCalibrationDefinition = describe(
	'rms_calibration',
	'rms',
	'mass',
	'Root mean square calibration error over bins, by default of equal counts.',
	'Kadavath et al. 2022, arXiv:2207.05221; Hendrycks et al. 2019',
	rmsCalibration,
);
export const maxCalibrationDefinition = describe(
	'max_calibration',
	'max',
	'width',
	'Largest gap between stated probability and share right in any bin.',
	'Naeini et al. 2015',
	maxCalibration,
);
