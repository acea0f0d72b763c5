import { dataFunctions, dataTypes } from './data/index.ts';
import { figures } from './figures/index.ts';
import { models, modelTypes } from './models/index.ts';
import { netFunctions, netTypes } from './nets/index.ts';
import { prompts } from './prompts/index.ts';
import { type Library, library } from './registry.ts';
import { scorers } from './scorers/index.ts';
import { statistics } from './statistics/index.ts';
import { textFunctions } from './text/index.ts';
import { trainingFunctions, trainingTypes } from './training/index.ts';

/** Everything that a study can name. */
export const standardLibrary: Library = library(
	[
		...dataFunctions,
		...models,
		...prompts,
		...scorers,
		...statistics,
		...figures,
		...textFunctions,
		...netFunctions,
		...trainingFunctions,
	],
	[...dataTypes, ...modelTypes, ...netTypes, ...trainingTypes],
);
