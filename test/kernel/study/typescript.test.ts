import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { run } from '../../../kernel/engine/run.ts';
import { compileStudy } from '../../../kernel/study/compile.ts';
import { loadModules } from '../../../kernel/study/modules.ts';
import { readModule } from '../../../kernel/study/typescript.ts';
import { UserError } from '../../../stdlib/define.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { isTable } from '../../../stdlib/values/table.ts';

const fixture = resolve(import.meta.dirname, '../../fixtures/used');

/** A copy that a test may change. */
function copy(): string {
	const folder = mkdtempSync(join(tmpdir(), 'assay-used-'));
	cpSync(fixture, folder, { recursive: true });
	return folder;
}

test('the exported functions of a module have their types in the syntax of the language', async (t) => {
	const { functions } = await readModule(join(fixture, 'scorers.ts'));
	t.deepEqual(functions, {
		starts_well: {
			params: [
				{ name: 'answer', type: 'Text', optional: false },
				{ name: 'target', type: 'Text', optional: false },
			],
			result: 'Bool',
			doc: 'Whether an answer begins with the target.',
		},
		score: {
			params: [
				{ name: 'rows', type: 'List<{a: Number, b: Text?}>', optional: false },
				{ name: 'k', type: 'Number', optional: true },
			],
			result: 'Number?',
			doc: null,
		},
	});
});

test('a function that is exported apart from its declaration is one too', async (t) => {
	const folder = copy();
	writeFileSync(
		join(folder, 'apart.ts'),
		'/** Twice. */\nfunction twice(n: number): number {\n\treturn 2 * n;\n}\nexport { twice, twice as double };\n',
	);
	const { functions } = await readModule(join(folder, 'apart.ts'));
	const twice = { params: [{ name: 'n', type: 'Number', optional: false }], result: 'Number', doc: 'Twice.' };
	t.deepEqual(functions, { twice, double: twice });
});

test("a module's version changes with what it imports, and not with where it lies", async (t) => {
	const [one, other] = [copy(), copy()];
	const before = await readModule(join(one, 'scorers.ts'));
	t.is((await readModule(join(other, 'scorers.ts'))).sha256, before.sha256);
	writeFileSync(join(one, 'double.ts'), 'export const double = (n: number): number => n + n;\n');
	t.not((await readModule(join(one, 'scorers.ts'))).sha256, before.sha256);
});

test('a module that does not type-check is refused with its first error and its line', async (t) => {
	const folder = copy();
	writeFileSync(join(folder, 'bad.ts'), 'export const a = 1;\nexport const f = (x: number): string => x;\n');
	const error = await t.throwsAsync(readModule(join(folder, 'bad.ts')), { instanceOf: UserError });
	t.regex(
		error?.message ?? '',
		/bad\.ts:2 does not type-check: Type 'number' is not assignable to type 'string'/,
	);
});

const STUDY = `
use starts_well from "./scorers.ts"
eval e {
  for word in ["apple", "banana", "avocado"]
  a = starts_well(word, "a")
}
table t = from e { share = mean(a) }
`;

test('a TypeScript function is checked, run, and its change runs what used it again', async (t) => {
	const folder = copy();
	const path = join(folder, 'study.assay');
	writeFileSync(path, STUDY);
	const compileHere = () => compileStudy({ text: STUDY, path, library: standardLibrary });
	const compiled = await compileHere();
	t.deepEqual(compiled.diagnostics, []);
	const plan = compiled.plan;
	if (!plan) return t.fail('no plan');
	const result = await run(plan, { library: standardLibrary, store: null, modules: await loadModules(plan) });
	const table = result.values.get('t');
	if (!isTable(table)) return t.fail('no table');
	t.like(table.rows[0], { share: { value: 2 / 3, n: 3 } });

	const module = join(folder, 'scorers.ts');
	writeFileSync(module, `${readFileSync(module, 'utf8')}\n// changed\n`);
	await t.throwsAsync(loadModules(plan), {
		instanceOf: UserError,
		message: /has changed since this plan was made/,
	});
	const after = (await compileHere()).plan;
	const keyOf = (id: string, of: typeof plan | null) => of?.nodes.find((node) => node.id === id)?.key;
	t.not(keyOf('e.a', after), keyOf('e.a', plan));
	t.is(keyOf('e[]', after), keyOf('e[]', plan));
});

test('a wrong argument of a TypeScript function is a diagnostic at the argument', async (t) => {
	const text = STUDY.replace('"a")', '3)');
	const compiled = await compileStudy({ text, path: join(fixture, 'study.assay'), library: standardLibrary });
	t.like(compiled.diagnostics[0], {
		code: 'A0204',
		message: '`starts_well` needs Text for `target`, but `3` is Number',
	});
});
