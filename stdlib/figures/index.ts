import type { AnyDefinition } from '../registry.ts';
import { barDefinition } from './bar.ts';
import { heatmapDefinition } from './heatmap.ts';
import { histogramDefinition } from './histogram.ts';
import { imagesDefinition } from './images.ts';
import { lineDefinition } from './line.ts';
import { reliabilityDefinition } from './reliability.ts';
import { scatterDefinition } from './scatter.ts';

/** Figures, as Plotly specifications. */
export const figures: readonly AnyDefinition[] = [
	lineDefinition,
	barDefinition,
	scatterDefinition,
	histogramDefinition,
	heatmapDefinition,
	imagesDefinition,
	reliabilityDefinition,
];
