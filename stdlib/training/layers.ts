import { summaryRows } from '../nets/summary.ts';
import { type Architecture, familyNamed } from './family.ts';

export type LayerRows = ReturnType<typeof summaryRows>;

/** The layers of a model and what its family adds to them, a total last. */
export const layersOf = (architecture: Architecture): LayerRows =>
	summaryRows(architecture.graphs, familyNamed(architecture.family).summary(architecture));

export const parametersIn = (layers: LayerRows): number => layers.at(-1)?.parameters ?? 0;
