import { inspect } from 'node:util';
import { ANY } from '../../../dsl/types/type.ts';
import type { RunContext } from '../../../stdlib/context.ts';
import { type Definition, UserError } from '../../../stdlib/define.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { TrainedModel } from '../../../stdlib/training/trained-model.ts';
import { tensorValue } from '../../../stdlib/values/tensor.ts';
import { isTfTensor } from '../../display/mime/tensor-bundle.ts';
import { trainedBundle, trainedSentence } from '../../display/mime/trained-bundle.ts';
import { methodsOf, type TrainedMethod } from './trained-methods.ts';

const DISPLAY = Symbol.for('Jupyter.display');

type Shown = (value: unknown) => unknown;

/**
 * A trained model as TypeScript cells have it: its name, its size and the library's methods. `shown` makes of a result
 * what cells see of it. Methods that the model's family does not have throw a `UserError` that says so.
 */
export function studyModel(model: TrainedModel, shown: Shown): object {
	const methods = methodsOf(ANY).map((method) => [method.name, callable(model, method, shown)] as const);
	const own = {
		name: model.name,
		parameters: model.parameters,
		...Object.fromEntries(methods),
	};
	const hidden = {
		[DISPLAY]: { value: () => trainedBundle(model) },
		[inspect.custom]: { value: () => trainedSentence(model) },
	};
	return Object.freeze(Object.defineProperties(own, hidden));
}

function callable(model: TrainedModel, method: TrainedMethod, shown: Shown) {
	const { params, definition } = method;
	const run = definition.run as (args: object, context: RunContext) => unknown;
	return async (...given: unknown[]): Promise<unknown> => {
		if (given.length > params.length)
			throw new UserError(
				`${model.name}.${method.name} takes ${params.length} arguments, not ${given.length}`,
				`they are, in this order: ${params.map(({ name }) => name).join(', ') || 'none'}`,
			);
		const args = Object.fromEntries(params.map(({ name }, i) => [name, argument(given[i])]));
		return shown(await run({ model, ...args }, outsideOfRuns(definition)));
	};
}

/** A tensor of TensorFlow.js is one of a data set's to the library. */
function argument(value: unknown): unknown {
	if (value === undefined) return null;
	if (typeof value !== 'object' || value === null || !isTfTensor(value)) return value;
	return tensorValue(value.shape, Float32Array.from(value.dataSync()));
}

/** What a run gives to a function of the library, where none runs. */
function outsideOfRuns({ name }: Definition): RunContext {
	return {
		signal: new AbortController().signal,
		seed: 0,
		call: () => Promise.reject(new UserError(`${name} calls a model`, 'use it in a study cell')),
		random: randomStream,
		resolvePath: (path) => path,
	};
}

export const isTrained = (value: unknown): value is TrainedModel => value instanceof TrainedModel;
