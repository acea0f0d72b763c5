import type { AnyDefinition } from '../registry.ts';
import { fleissKappaDefinition, krippendorffAlphaDefinition } from './agreement.ts';
import { aurocDefinition } from './auroc.ts';
import { bbqBiasDefinition } from './bbq-bias.ts';
import { bootstrapDefinition } from './bootstrap.ts';
import { eceDefinition, maxCalibrationDefinition, rmsCalibrationDefinition } from './calibration-errors.ts';
import { contrastDefinition } from './contrast.ts';
import { kendallDefinition, pearsonDefinition, spearmanDefinition } from './correlation.ts';
import { countDefinition } from './count.ts';
import { maxDefinition, minDefinition } from './extremes.ts';
import { meanDefinition } from './mean.ts';
import { normalDefinition } from './normal.ts';
import { medianDefinition, quantileDefinition } from './quantile.ts';
import { brierDefinition, logLossDefinition } from './scoring-rules.ts';
import { sdDefinition } from './sd.ts';
import { sumDefinition } from './sum.ts';
import { wilsonDefinition } from './wilson.ts';

/** Aggregates, uncertainty methods and comparisons, as a study names them. */
export const statistics: readonly AnyDefinition[] = [
	meanDefinition,
	wilsonDefinition,
	sumDefinition,
	countDefinition,
	medianDefinition,
	quantileDefinition,
	sdDefinition,
	minDefinition,
	maxDefinition,
	bootstrapDefinition,
	normalDefinition,
	contrastDefinition,
	eceDefinition,
	rmsCalibrationDefinition,
	maxCalibrationDefinition,
	brierDefinition,
	logLossDefinition,
	aurocDefinition,
	pearsonDefinition,
	spearmanDefinition,
	kendallDefinition,
	krippendorffAlphaDefinition,
	fleissKappaDefinition,
	bbqBiasDefinition,
];
