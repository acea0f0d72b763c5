import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { format } from '../dsl/format/format.ts';
import { parse } from '../dsl/parser/parser.ts';
import { run } from '../kernel/engine/run.ts';
import { openStore } from '../kernel/engine/store/store.ts';
import { compileStudy } from '../kernel/study/compile.ts';
import { standardLibrary } from '../stdlib/index.ts';
import { isFigure } from '../stdlib/values/figure.ts';
import { isTable } from '../stdlib/values/table.ts';
import { startFaultServer } from './helpers/fault-server.ts';

const page = resolve(import.meta.dirname, '../../shared/design/language.md');
const programs = existsSync(page)
	? [...readFileSync(page, 'utf8').matchAll(/```assay\n([\s\S]*?)```/g)].map((match) => match[1] as string)
	: [];
const available = programs.length > 0 || process.env.CI === 'true';
const pageTest = available ? test.serial : test.serial.skip;

pageTest('every program of the page parses and has a canonical layout', (t) => {
	t.true(programs.length >= 6);
	for (const program of programs) {
		t.deepEqual(parse(program).problems, []);
		const once = format(program);
		t.true('text' in once);
		if ('text' in once) t.deepEqual(format(once.text), once);
	}
});

/** The programs of the language's page that this library can run, by their place there. */
const RUNS = [0, 1, 2];

for (const index of RUNS) {
	pageTest(`program ${index + 1} of the language's page checks`, async (t) => {
		const path = join(mkdtempSync(join(tmpdir(), 'assay-page-')), 'study.assay');
		const compiled = await compileStudy({
			text: programs[index] as string,
			path,
			library: standardLibrary,
			stage: 'check',
		});
		t.deepEqual(compiled.diagnostics, []);
	});

	// The models are stood in for by a server that speaks both protocols and by the simulated responder: what is under test
	// is the program, and that a ladder of different providers runs as one study.
	pageTest(`program ${index + 1} of the language's page runs to its tables and figures`, async (t) => {
		const server = await startFaultServer({
			otherwise: { do: 'answer', text: 'The answer is (a).', top: { a: 0.5, b: 0.3, c: 0.1 } },
		});
		Object.assign(process.env, {
			OPENAI_BASE_URL: server.openaiUrl,
			ANTHROPIC_BASE_URL: server.origin,
			OPENAI_API_KEY: 'sk-loopback-0123456789abcdef',
			ANTHROPIC_API_KEY: 'sk-ant-loopback-0123456789',
			ASSAY_DATA: resolve(import.meta.dirname, '../../shared/data'),
		});
		const folder = mkdtempSync(join(tmpdir(), 'assay-page-'));
		writeFileSync(join(folder, 'prices.json'), '{"asOf": "2026-01-01", "models": []}');
		const text = (programs[index] as string)
			.replace(/gguf\("[^"]+"\)/g, 'simulated(accuracy: 0.6)')
			.replace('Number = 200', 'Number = 3')
			.replace('sample(300', 'sample(20')
			.replace('repeat 400', 'repeat 20')
			.replace('keep: 100', 'keep: 5');
		const compiled = await compileStudy({
			text,
			path: join(folder, 'study.assay'),
			library: standardLibrary,
		});
		t.deepEqual(compiled.diagnostics, []);
		if (!compiled.plan) return t.fail('no plan');
		const store = openStore(join(folder, 'store.db'));
		const result = await run(compiled.plan, {
			library: standardLibrary,
			store,
			budget: { usd: null },
			calls: { allowUnknownPrice: true },
		});
		t.deepEqual(result.failures, []);
		t.is(result.outcome, 'done');
		const values = [...result.values.values()];
		const tables = values.filter(isTable);
		t.true(tables.length > 0);
		for (const table of tables) t.true(table.rows.length > 0);
		t.is(values.filter(isFigure).length, [...text.matchAll(/^figure /gm)].length);
		if (index === 0) t.true(server.answered > 0);
		store.close();
		await server.close();
	});
}
