import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { format } from '../dsl/format/format.ts';
import { run } from '../kernel/engine/run.ts';
import { openStore } from '../kernel/engine/store/store.ts';
import { compileStudy } from '../kernel/study/compile.ts';
import { standardLibrary } from '../stdlib/index.ts';
import { isEstimate } from '../stdlib/values/estimate.ts';
import { labelOf } from '../stdlib/values/labelled.ts';
import { isTable, type Table } from '../stdlib/values/table.ts';

const folder = resolve(import.meta.dirname, '../examples');
/** Not `.assay`, the folder that a run leaves. */
const names = readdirSync(folder).filter((name) => /^[^.].*\.assay$/.test(name));

/** What makes an example small and free of anything that would have to be fetched. */
const SMALL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'bbq.assay': { per_category: '8', model_name: 'simulated', source: 'miniature' },
	'calibration.assay': { n: '30', model_name: 'simulated', source: 'miniature' },
	'vqvae-mnist.assay': { steps: '12', batch: '16', pictures: '8' },
	'pocket.assay': { texts: '160', held: '12' },
	'pocket-recovery.assay': { per_topic: '2', per_matter: '4' },
	'model-written.assay': { drafts_per_label: '20', keep: '5', model_name: 'simulated' },
};

const compileExample = (name: string, params: Readonly<Record<string, string>>) => {
	const path = join(folder, name);
	return compileStudy({ text: readFileSync(path, 'utf8'), path, library: standardLibrary, params });
};

for (const name of names) {
	test(`${name} is in the canonical layout`, (t) => {
		const text = readFileSync(join(folder, name), 'utf8');
		t.deepEqual(format(text), { text });
	});

	test(`${name} runs small, and says beside every table what is simulated`, async (t) => {
		const compiled = await compileExample(name, SMALL[name] ?? {});
		t.deepEqual(compiled.diagnostics, []);
		if (!compiled.plan) return t.fail('no plan');
		const store = openStore(join(mkdtempSync(join(tmpdir(), 'assay-example-')), 'store.db'));
		const first = await run(compiled.plan, { library: standardLibrary, store });
		t.is(first.outcome, 'done');
		t.deepEqual(first.failures, []);
		const tables = [...first.values.values()].filter(isTable);
		t.true(tables.length > 0);
		for (const table of tables) {
			if (SMALL[name]?.model_name === 'simulated')
				t.true(table.notices.some((notice) => notice.includes('simulated')));
			t.true(table.rows.length > 0);
		}
		const again = await run(compiled.plan, { library: standardLibrary, store });
		t.is(again.spent.calls, 0, 'nothing is done twice');
		t.deepEqual([...again.values.values()].filter(isTable).map(plain), tables.map(plain));
		store.close();
	});
}

/** What a table says: numbers as they are, everything else by its label. */
const plain = ({ rows, notices }: Table) => ({
	notices,
	rows: rows.map((row) =>
		Object.entries(row).map(([name, cell]) => [
			name,
			isEstimate(cell) || typeof cell === 'number' ? cell : labelOf(cell),
		]),
	),
});

test('a study on the simulated responder recovers its accuracy and its bias', async (t) => {
	const text = `
study "Recovery" { seed: 11 }
data items = bbq(categories: ["Age", "Religion"], source: "miniature")
model m = simulated(accuracy: 0.6, bias: 0.25)
prompt q(x: BBQ, i: Number) { user "{i}: {x.context} {x.question} {lettered(x.answers)}" }
eval answers {
  for x in items
  repeat 12 as i
  choice = m.choose(q(x, i), options: x.letters)
  correct = choice.best == x.correct
}
table result = from answers by x.context_condition {
  accuracy = mean(correct)
  s = bbq_bias(choice, x)
}
`;
	const compiled = await compileStudy({ text, path: null, library: standardLibrary });
	t.deepEqual(compiled.diagnostics, []);
	if (!compiled.plan) return t.fail('no plan');
	const result = await run(compiled.plan, { library: standardLibrary, store: null });
	const table = result.values.get('result');
	if (!isTable(table)) return t.fail('no table');
	t.is(table.rows.length, 2);
	for (const row of table.rows) {
		const { accuracy, s } = row;
		if (!isEstimate(accuracy) || !isEstimate(s)) return t.fail('no estimates');
		// Four standard errors: a false alarm once in ten thousand seeds, and the seed is fixed.
		t.true(
			Math.abs((accuracy.value as number) - 0.6) < 4 * (accuracy.se as number),
			JSON.stringify(accuracy),
		);
		t.true(Math.abs((s.value as number) - 0.25) < 4 * (s.se as number), JSON.stringify(s));
		t.true((s.se as number) < 0.1);
	}
});
