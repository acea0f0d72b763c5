import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { readNotebook } from '../../kernel/notebook/document.ts';

const cli = fileURLToPath(new URL('../../kernel/cli.ts', import.meta.url));

test("the README's first command says what it uses, and leaves an executed notebook and a page", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'assay-demo-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const started = performance.now();
	const { stderr } = await promisify(execFile)(process.execPath, [cli, 'demo', '--out', folder]);
	t.log(`took ${Math.round((performance.now() - started) / 1000)} s`);
	const notebook = JSON.stringify(readNotebook(join(folder, 'quickstart.ipynb')));
	const page = readFileSync(join(folder, 'quickstart.html'), 'utf8');
	const isReal = /model: smollm2-135m-instruct/.test(stderr);
	t.true(isReal || /model: pocket\/\w+, a tiny model organism/.test(stderr), stderr);
	t.regex(stderr, /data: (BBQ as published|a stand-in|questions about the invented world)/);
	for (const text of [notebook, page])
		t.true(text.includes(isReal ? 'tiny model (135M parameters)' : 'tiny model organism'));
	t.notRegex(notebook, /"output_type":"error"/);
});
