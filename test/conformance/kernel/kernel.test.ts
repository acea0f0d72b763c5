import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { assay } from '../../helpers/assay.ts';
import { PYTHON } from '../servers.ts';

interface Ran {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

/** A Python that finds the kernel that `assay install` put into a prefix; null without Jupyter's clients. */
async function jupyter(
	t: ExecutionContext,
): Promise<((script: string, input?: string) => Promise<Ran>) | null> {
	if (!existsSync(PYTHON)) {
		if (process.env.CI === 'true') t.fail('Jupyter is not here');
		t.log('Jupyter is not here; run test/conformance/setup.sh');
		return null;
	}
	const prefix = mkdtempSync(join(tmpdir(), 'assay-jupyter-'));
	t.teardown(() => rmSync(prefix, { recursive: true, force: true }));
	const installed = await assay(['install', '--prefix', prefix]);
	t.is(installed.code, 0, installed.err);
	const env = {
		PATH: process.env.PATH,
		HOME: prefix,
		JUPYTER_PATH: join(prefix, 'share', 'jupyter'),
		JUPYTER_PLATFORM_DIRS: '1',
	};
	return (script, input = '') => run(join(import.meta.dirname, script), input, env);
}

function run(script: string, input: string, env: NodeJS.ProcessEnv): Promise<Ran> {
	const child = spawn(PYTHON, [script], { env });
	const ran = { out: '', err: '' };
	child.stdout.on('data', (chunk) => {
		ran.out += chunk;
	});
	child.stderr.on('data', (chunk) => {
		ran.err += chunk;
	});
	child.stdin.end(input);
	return new Promise((done) => child.on('close', (code) => done({ code, ...ran })));
}

test.serial("Jupyter's own kernel tests pass whole", async (t) => {
	const python = await jupyter(t);
	if (!python) return;
	const { code, err } = await python('kernel_test.py');
	t.log(err.trim());
	t.is(code, 0, err);
	t.deepEqual(err.match(/^test_\w+.*skipped/gm), err.match(/^test_pager.*skipped/gm));
	t.true(Number(/Ran (\d+) tests/.exec(err)?.[1]) >= 12);
});

test.serial('nbclient runs a notebook: results, streams, displays, errors, and it ends', async (t) => {
	const python = await jupyter(t);
	if (!python) return;
	const sources = [
		'const rows: number[] = [1, 2, 3]',
		'console.log("sum"); rows.reduce((a, b) => a + b)',
		"import { display } from 'assay'; display.markdown('**bold**')",
		'throw new RangeError("as asked")',
		'rows.length',
	];
	const cell = (source: string, index: number) => ({
		cell_type: 'code',
		id: `cell-${index}`,
		execution_count: null,
		metadata: {},
		outputs: [],
		source,
	});
	const notebook = { cells: sources.map(cell), metadata: {}, nbformat: 4, nbformat_minor: 5 };
	const { code, out, err } = await python('run_notebook.py', JSON.stringify(notebook));
	t.is(code, 0, err);
	const { cells, metadata } = JSON.parse(out) as {
		cells: { execution_count: number; outputs: Record<string, unknown>[] }[];
		metadata: { language_info: { name: string } };
	};
	t.is(metadata.language_info.name, 'typescript');
	t.deepEqual(
		cells.map(({ execution_count }) => execution_count),
		[1, 2, 3, 4, 5],
	);
	t.deepEqual(
		cells.map(({ outputs }) => outputs.map(({ output_type }) => output_type)),
		[[], ['stream', 'execute_result'], ['display_data'], ['error'], ['execute_result']],
	);
	t.like(cells[1]?.outputs, [{ text: ['sum\n'] }, { data: { 'text/plain': ['6'] } }]);
	t.like(cells[3]?.outputs[0], { ename: 'RangeError', evalue: 'as asked' });
});
