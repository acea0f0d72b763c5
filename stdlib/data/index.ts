import type { TypeDefinition } from '../define.ts';
import type { AnyDefinition } from '../registry.ts';
import { bbqFunction } from './bbq/bbq.ts';
import { bbqType } from './bbq/row.ts';
import { csvFunction, jsonlFunction, parquetFunction } from './files/loaders.ts';
import { winogenderFunction, winogenderType } from './gender/winogender.ts';
import { winogeneratedFunction, winogeneratedType } from './gender/winogenerated.ts';
import { mmluFunction } from './mmlu/mmlu.ts';
import { mmluType } from './mmlu/row.ts';
import { digitType, mnistFunction } from './mnist/mnist.ts';
import { modelWrittenFunction, modelWrittenType } from './model-written/model-written.ts';
import { pocketFunctions, pocketTypes } from './pocket/pocket.ts';
import { balancedDefinition } from './transforms/balanced.ts';
import { confidentDefinition } from './transforms/confident.ts';
import { numberedDefinition } from './transforms/numbered.ts';
import { shuffleDefinition, skipDefinition, sortDefinition, takeDefinition } from './transforms/order.ts';
import { sampleDefinition, stratifiedDefinition } from './transforms/sample.ts';
import { trainTestSplitDefinition } from './transforms/split.ts';
import { uniqueDefinition } from './transforms/unique.ts';
import { whereDefinition } from './transforms/where.ts';

/** Data sets, data files, and what makes new rows out of rows. */
export const dataFunctions: readonly AnyDefinition[] = [
	bbqFunction,
	mmluFunction,
	mnistFunction,
	winogenderFunction,
	winogeneratedFunction,
	modelWrittenFunction,
	...pocketFunctions,
	jsonlFunction,
	csvFunction,
	parquetFunction,
	whereDefinition,
	sampleDefinition,
	stratifiedDefinition,
	takeDefinition,
	skipDefinition,
	shuffleDefinition,
	sortDefinition,
	uniqueDefinition,
	confidentDefinition,
	balancedDefinition,
	numberedDefinition,
	trainTestSplitDefinition,
];

export const dataTypes: readonly TypeDefinition[] = [
	bbqType,
	mmluType,
	digitType,
	winogenderType,
	winogeneratedType,
	modelWrittenType,
	...pocketTypes,
];
