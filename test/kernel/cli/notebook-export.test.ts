import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { notebookText } from '../../../kernel/notebook/document.ts';
import { assay } from '../../helpers/assay.ts';
import { notebookFolder, notebookOf } from '../../helpers/notebooks.ts';

test('export writes the page beside the notebook, with its pictures in it and without keys', async (t) => {
	const key = 'sk-test-0123456789abcdef0123';
	const { cwd } = notebookFolder(t, [
		'#md # Dots\n\n![dot](dot.svg) ![gone](gone.png) ![no](../no.png)',
		`"${key}"`,
	]);
	writeFileSync(join(cwd, 'dot.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><circle r="5"/></svg>');
	const done = await assay(['notebook', 'export', 'study.ipynb'], { cwd, env: { OPENAI_API_KEY: key } });
	t.is(done.code, 0, done.err);
	const page = readFileSync(join(cwd, 'study.html'), 'utf8');
	t.regex(page, /<title>Dots<\/title>/);
	t.regex(page, /<img src="data:image\/svg\+xml;base64,[\w=]+" alt="dot">/);
	t.is(page.match(/the picture is not in the notebook/g)?.length, 2);
	t.regex(page, /not run/);
	t.false(page.includes(key));
	t.true(page.length < 1e6, 'Plotly is only where there is a figure');
});

test('export says what it cannot write, and leaves nothing behind', async (t) => {
	const { cwd } = notebookFolder(t, []);
	writeFileSync(join(cwd, 'empty.ipynb'), notebookText(notebookOf([])));
	const args = ['notebook', 'export', 'empty.ipynb', '--out'];
	const { code, err } = await assay([...args, 'no/such/page.html'], { cwd });
	t.is(code, 5);
	t.regex(err, /the page cannot be written to no\/such\/page\.html/);
	t.is((await assay([...args, 'page.html'], { cwd })).code, 0);
	t.true(existsSync(join(cwd, 'page.html')));
});
