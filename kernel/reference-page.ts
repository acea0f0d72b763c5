import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { referencePage, type Topic } from '../dsl/reference/page.ts';
import { dataFunctions, dataTypes } from '../stdlib/data/index.ts';
import { figures } from '../stdlib/figures/index.ts';
import { models, modelTypes } from '../stdlib/models/index.ts';
import { netFunctions, netTypes } from '../stdlib/nets/index.ts';
import { prompts } from '../stdlib/prompts/index.ts';
import { scorers } from '../stdlib/scorers/index.ts';
import { statistics } from '../stdlib/statistics/index.ts';
import { textFunctions } from '../stdlib/text/index.ts';
import { trainingFunctions, trainingTypes } from '../stdlib/training/index.ts';

export const referencePath = resolve(import.meta.dirname, '../docs/reference.md');

/** A topic is a folder of the library. */
const topics: readonly Topic[] = [
	{
		title: 'Data',
		intro: 'Data sets, files, and what changes the rows of either; an eval is a data set too.',
		functions: dataFunctions,
		types: dataTypes,
	},
	{
		title: 'Models',
		intro: 'Models, and what can be asked of them. What a model can do is part of its type.',
		functions: models,
		types: modelTypes,
	},
	{
		title: 'Prompts',
		intro: 'Ready-made prompts, and the parts that prompts are made of.',
		functions: prompts,
	},
	{
		title: 'Scorers',
		intro: 'From an answer to a value that can be counted: used in the fields of an eval.',
		functions: scorers,
	},
	{
		title: 'Statistics',
		intro:
			'Aggregates for the columns of a table, what attaches intervals to them, and comparisons between the rows of a table. Missing values are left out and counted, never taken for wrong or zero.',
		functions: statistics,
	},
	{
		title: 'Figures',
		intro: 'Plotly figures of tables and of data. Error bars come from the estimates.',
		functions: figures,
	},
	{
		title: 'Networks',
		intro:
			'Layers that stand in a `network`, models that are made of networks, and what trained ones can do. Shapes are without the batch; images are height, width, channels.',
		functions: netFunctions,
		types: netTypes,
	},
	{
		title: 'Training',
		intro: 'What a `train` declaration is set up with.',
		functions: trainingFunctions,
		types: trainingTypes,
	},
	{
		title: 'Text, lists and numbers',
		intro: 'Plain functions for fields and prompts.',
		functions: textFunctions,
	},
];

export const referenceText = (): string => referencePage(topics);

if (import.meta.main) {
	const text = referenceText();
	const before = readFileSync(referencePath, { encoding: 'utf8', flag: 'a+' });
	if (before !== text) writeFileSync(referencePath, text);
	console.log(before === text ? 'docs/reference.md is current' : 'docs/reference.md is written');
}
