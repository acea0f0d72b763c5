import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../../../kernel/engine/run.ts';
import { compileStudy } from '../../../kernel/study/compile.ts';
import { loadPlan, savePlan } from '../../../kernel/study/plan-file.ts';
import { UserError } from '../../../stdlib/define.ts';
import { standardLibrary } from '../../../stdlib/index.ts';

const STUDY =
	'let twice = [2 * n for n in 1..3]\neval e { for n in twice half = n / 2 }\ntable t = from e { m = mean(half) }';

const folder = (): string => mkdtempSync(join(tmpdir(), 'assay-plan-'));

test('a saved plan is read as it was, and gives the same numbers', async (t) => {
	const { plan } = await compileStudy({ text: STUDY, path: null, library: standardLibrary });
	if (!plan) return t.fail('no plan');
	const path = join(folder(), 'plan.json');
	savePlan(plan, path);
	const loaded = loadPlan(path);
	t.deepEqual(loaded, JSON.parse(JSON.stringify(plan)));
	const [before, after] = [plan, loaded].map((each) => run(each, { library: standardLibrary, store: null }));
	t.deepEqual(
		JSON.stringify((await after)?.values.get('t')),
		JSON.stringify((await before)?.values.get('t')),
	);
});

for (const [what, content, message] of [
	['is cut short', '{"format": "assay-plan/1", "tit', /is not JSON/],
	['is of another format', '{"format": "assay-plan/9"}', /is not a plan of this version of Assay \(format/],
	['is something else', '[1, 2]', /is not a plan of this version/],
] as const) {
	test(`a plan that ${what} is refused with a sentence`, (t) => {
		const path = join(folder(), 'plan.json');
		writeFileSync(path, content);
		t.throws(() => loadPlan(path), { instanceOf: UserError, message });
	});
}

test('a plan that is not there is said to be missing', (t) => {
	t.throws(() => loadPlan(join(folder(), 'none.json')), {
		instanceOf: UserError,
		message: /there is no file/,
	});
});
