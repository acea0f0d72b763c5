import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, numbersOf } from './cells.ts';
import { estimate } from './interval.ts';

const extreme =
	(method: string, better: (a: number, b: number) => boolean) =>
	(x: Cells<number | boolean>): Estimate => {
		const { values, missing } = numbersOf(x);
		let value: number | null = null;
		for (const v of values) if (value === null || better(v, value)) value = v;
		return estimate({ value, n: values.length, missing, method });
	};

/** Smallest value of a column. */
export const min = extreme('sample minimum', (a, b) => a < b);

/** Largest value of a column. */
export const max = extreme('sample maximum', (a, b) => a > b);

const describe = (name: 'min' | 'max', word: string, compute: typeof min) =>
	define<{ x: Column<number | boolean> }, Estimate>({
		name,
		signature: `${name}(x: Column<Number? | Bool?>) -> Estimate`,
		doc: `${word} value of a column. An extreme of a sample has no interval without a model of the tail, so none is given. Missing cells are left out and counted.`,
		version: 1,
		acceptsMissing: true,
		run: ({ x }) => compute(x),
		point: ({ x }) => compute(x).value,
	});

export const minDefinition = describe('min', 'Smallest', min);
export const maxDefinition = describe('max', 'Largest', max);
