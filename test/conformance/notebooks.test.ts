import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { bundleText, type CodeCell, readNotebook } from '../../kernel/notebook/document.ts';
import { skip } from './suite.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = fileURLToPath(new URL('../../kernel/cli.ts', import.meta.url));
const notebooks = readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb'));

/** Needs nothing that would have to be fetched. */
const ASSAY_PARAMS = JSON.stringify({ model_name: 'simulated', source: 'miniature' });

/** Others that run notebooks: in, out, and how they are called. */
const RUNNERS = [
	...['PyPI', 'Debian'].flatMap((from) => {
		const bin = from === 'PyPI' ? join(root, '.venv-jupyter', 'bin') : '/usr/bin';
		const missing =
			from === 'PyPI'
				? 'sh test/helpers/setup-jupyter.sh brings it'
				: '`apt-get install jupyter-nbconvert python3-nbclient` brings it';
		const python = from === 'PyPI' ? join(bin, 'python') : '/usr/bin/python3';
		return [
			{
				name: `nbconvert --execute of ${from}`,
				program: join(bin, 'jupyter-nbconvert'),
				missing,
				run: (given: string, out: string) =>
					[
						join(bin, 'jupyter-nbconvert'),
						['--to', 'notebook', '--execute', '--ExecutePreprocessor.timeout=300', '--output', out, given],
					] as const,
			},
			{
				name: `nbclient of ${from}`,
				program: join(bin, 'jupyter-execute'),
				missing,
				run: (given: string, out: string) => [python, ['-c', NBCLIENT, given, out]] as const,
			},
		];
	}),
];

const NBCLIENT = `
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300).execute()
nbformat.validate(notebook)
nbformat.write(notebook, sys.argv[2])
`;

for (const { name, program, missing, run } of RUNNERS) {
	for (const notebook of notebooks) {
		test(`${name} runs ${notebook}`, async (t) => {
			if (!existsSync(program)) return skip(t, `there is no ${program}; ${missing}`);
			const scratch = mkdtempSync(join(tmpdir(), 'assay-notebooks-'));
			t.teardown(() => rmSync(scratch, { recursive: true, force: true }));
			execFileSync(process.execPath, [cli, 'install', '--prefix', scratch], { stdio: 'pipe' });
			const out = join(scratch, 'out.ipynb');
			// A kernel runs, and keeps its store, beside its notebook.
			const given = join(scratch, notebook);
			cpSync(join(root, 'notebooks', notebook), given);
			const [command, args] = run(given, out);
			await promisify(execFile)(command, args, {
				cwd: scratch,
				env: { ...process.env, HOME: scratch, JUPYTER_PATH: join(scratch, 'share', 'jupyter'), ASSAY_PARAMS },
				maxBuffer: 1e8,
			});
			const cells = readNotebook(out).cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
			t.true(cells.every(({ execution_count }) => execution_count !== null));
			const shown = cells.flatMap(({ outputs }) => outputs);
			t.false(shown.some(({ output_type }) => output_type === 'error'));
			const texts = shown.map((output) =>
				output.output_type === 'display_data' ? bundleText(output.data['text/plain']) : '',
			);
			t.true(
				texts.some((text) => /^bias\n[\s\S]*simulated responder/.test(text)),
				texts.join('\n'),
			);
			t.true(
				texts.some((text) => /answers: done .*120 calls made/.test(text)),
				'progress became a line',
			);
		});
	}
}
