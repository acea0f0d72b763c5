import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, cellAt, isGap } from './cells.ts';
import { estimate } from './interval.ts';

/** Number of cells that have a value. */
export function count(x: Cells<unknown>): Estimate {
	let n = 0;
	for (let row = 0; row < x.length; row++) if (!isGap(cellAt(x, row))) n++;
	return estimate({ value: n, n, missing: x.length - n, method: 'count' });
}

export const countDefinition = define<{ x: Column }, Estimate>({
	name: 'count',
	signature: 'count(x: Column<Any>) -> Estimate',
	doc: 'Number of cells that have a value; missing ones are counted apart. It is a count and not an estimate, so it has no interval. For the number of true in a column, use sum.',
	version: 1,
	acceptsMissing: true,
	run: ({ x }) => count(x),
	point: ({ x }) => count(x).value,
});
