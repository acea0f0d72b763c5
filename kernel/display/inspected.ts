import { inspect } from 'node:util';
import { Choice } from '../../stdlib/values/choice.ts';
import { Labelled } from '../../stdlib/values/labelled.ts';
import { ModelHandle } from '../../stdlib/values/model.ts';

type Inspected = Readonly<Record<string, unknown>>;

/**
 * From now on Node shows the values in a study's rows by what a person asks of them: a model by its name and not by its
 * provider, a choice by its options' probabilities.
 */
export function inspectByContent(): void {
	show(ModelHandle, 'Model', ({ name, parameters }) => ({ name, parameters }));
	show(Labelled, 'Labelled', ({ name, value }) => (typeof value === 'function' ? { name } : { name, value }));
	show(Choice, 'Choice', ({ best, options, probs }) => ({
		best,
		probs: Object.fromEntries(options.map((option, i) => [option, Number(probs[i]?.toPrecision(3))])),
	}));
}

function show<T>(type: { readonly prototype: T }, name: string, contentOf: (value: T) => Inspected): void {
	Object.defineProperty(type.prototype, inspect.custom, {
		value(this: T, _depth: number, options: object): string {
			return `${name} ${inspect(contentOf(this), options)}`;
		},
		configurable: true,
	});
}
