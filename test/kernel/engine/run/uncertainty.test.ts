import test from 'ava';
import type { Core } from '../../../../dsl/plan/core.ts';
import { run } from '../../../../kernel/engine/run.ts';
import { define } from '../../../../stdlib/define.ts';
import type { Column } from '../../../../stdlib/values/column.ts';
import type { Table } from '../../../../stdlib/values/table.ts';
import type { Statistic, Uncertainty } from '../../../../stdlib/values/uncertainty.ts';
import { binary, call, column, columns, forEach, index, list, lit, uncertain } from './cores.ts';
import { testLibrary } from './models.ts';
import { PlanWriter } from './plans.ts';

/** A method that hands out what it was given, and keeps the estimate as it is. */
function probe() {
	const seen: { statistic: Statistic; cluster: unknown[] }[] = [];
	const definition = define<{ cluster: Column }, Uncertainty>({
		name: 'probe',
		signature: '',
		doc: '',
		version: 1,
		run: ({ cluster }) => ({
			kind: 'uncertainty',
			name: 'probe',
			level: 0.9,
			apply: (statistic) => {
				seen.push({ statistic, cluster: Array.from({ length: cluster.length }, (_, i) => cluster.get(i)) });
				return { ...statistic.full, method: 'probe' };
			},
		}),
	});
	return { seen, definition };
}

let runs = 0;
const spread = define<{ x: Column<number> }, number>({
	name: 'spread',
	signature: '',
	doc: '',
	version: 1,
	acceptsMissing: true,
	run: ({ x }) => {
		runs++;
		return range(x);
	},
	point: ({ x }) => range(x),
});

function range(x: Column<number>): number {
	const values = Array.from({ length: x.length }, (_, i) => x.get(i)).filter(
		(value) => typeof value === 'number',
	);
	return Math.max(...values) - Math.min(...values);
}

// Group "a" has 1, 2, 4 and a row that fails; group "b" has 10 and 20.
const rows = list(
	...[
		['a', 1],
		['b', 10],
		['a', 2],
		['a', 4],
		['b', 20],
		['a', 0],
	].map(([g, v]) => list(lit(g as string), lit(v as number))),
);

async function statistics(of: Core) {
	const { seen, definition } = probe();
	const plan = new PlanWriter()
		.eval('e', [forEach('r', rows)], {
			'g: Text': index(column('r'), lit(0)),
			'v: Number': binary('div', lit(1), binary('div', lit(1), index(column('r'), lit(1)))),
		})
		.table(
			't',
			'e',
			{ g: column('g') },
			{ s: uncertain(of, call('probe', { cluster: columns(column('v')) })) },
			['g', 'v'],
		)
		.plan();
	const result = await run(plan, { library: testLibrary({}, [definition, spread]), store: null });
	return { seen, table: result.values.get('t') as Table };
}

const mean = call('mean', { x: columns(column('v')) });
const at = (statistic: Statistic | undefined, ...positions: number[]) =>
	statistic?.at(Int32Array.from(positions));

test('an uncertainty method gets the aggregate as a function of the rows of its group', async (t) => {
	const { seen, table } = await statistics(mean);
	const [a, b] = seen.map(({ statistic }) => statistic);
	t.is(a?.n, 4);
	t.is(a?.missing, 1);
	// (1 + 1 + 4)/3, and the missing row is left out.
	t.is(at(a, 0, 0, 2), 2);
	t.is(at(a, 1, 3), 2);
	t.is(at(a, 3), null);
	t.is(at(b, 0, 1, 1), 50 / 3);
	t.like(table.rows[1]?.s, { value: 15, method: 'probe' });
});

test('its columns are those of the group, in the same order', async (t) => {
	const { seen } = await statistics(mean);
	t.deepEqual(seen[1]?.cluster, [10, 20]);
});

test('arithmetic of aggregates is resampled as a whole', async (t) => {
	const { seen } = await statistics(binary('div', mean, call('spread', { x: columns(column('v')) })));
	// mean of (1, 4, 4) over their range
	t.is(at(seen[0]?.statistic, 0, 2, 2), 1);
	t.is(seen[0]?.statistic.full.value, 7 / 3 / 3);
	t.is(seen[0]?.statistic.full.missing, 1);
});

test('resampling uses the bare value of an aggregate that has one', async (t) => {
	const { seen } = await statistics(call('spread', { x: columns(column('v')) }));
	const before = runs;
	t.is(at(seen[1]?.statistic, 0, 0), 0);
	t.is(at(seen[1]?.statistic, 0, 1), 10);
	t.is(runs, before);
});
