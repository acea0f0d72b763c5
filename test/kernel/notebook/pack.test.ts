import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { readNotebook } from '../../../kernel/notebook/document.ts';
import { packBytes, readPack } from '../../../kernel/notebook/pack/archive.ts';
import { CASSETTE } from '../../../kernel/notebook/pack/manifest.ts';
import { assay, studyFolder } from '../../helpers/assay.ts';
import { notebookFolder, outputsOf, plain } from '../../helpers/notebooks.ts';

const KEY = 'sk-planted-0123456789abcdefghij';

const STUDY = `%%assay
study "Items" {
  seed: 1
}
use shout from "./lib/shout.ts"

data items = jsonl("items.jsonl")
param n: Number = 2
model m = simulated(accuracy: 0.7)

prompt p(text: Text) {
  user "{shout(text)} which?"
}

eval a {
  for x in items
  for i in 1..n
  c = m.choose(p("{x.word} {i}"), options: ["a", "b"])
  right = c.best == "a"
}
table t = from a {
  rate = mean(right)
}
figure f = bar(t, x: rate, y: rate)
`;

const CELLS = [
	'#md # Items',
	STUDY,
	`%time
import { twice } from './lib/twice';
import { near } from 'near';
import { z } from 'zod';
console.error("to stderr", Math.random());
console.log(twice(near), process.env.OPENAI_API_KEY ?? 'no key', z.number().parse(1))`,
	`import { readFileSync } from 'node:fs';
readFileSync('notes.txt', 'utf8')`,
];

const FILES = {
	'lib/shout.ts':
		"import { end } from './end.ts';\nexport const shout = (text: string): string => text.toUpperCase() + end;\n",
	'lib/end.ts': "export const end = '!';\n",
	'lib/twice.ts': 'export const twice = (x: number): number => 2 * x;\n',
	'items.jsonl': '{"word": "ox"}\n{"word": "ant"}\n',
	'notes.txt': 'noted',
	'unused.txt': 'not used',
};

function write(folder: string, files: Readonly<Record<string, string>>): void {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

const NEAR = {
	'node_modules/near/package.json':
		'{"name": "near", "version": "1.2.3", "type": "module", "exports": {"types": "./index.d.ts", "default": "./index.js"}}',
	'node_modules/near/index.js': 'export const near = 21;\n',
	'node_modules/near/index.d.ts': 'export const near: number;\n',
};

test('a notebook is packed with what it uses, without keys, and verified where nothing of it is', async (t) => {
	const { cwd } = notebookFolder(t, CELLS);
	write(cwd, { ...FILES, ...NEAR });
	const env = { OPENAI_API_KEY: KEY };
	const early = await assay(['notebook', 'pack', 'study.ipynb'], { cwd, env });
	t.is(early.code, 3);
	t.regex(early.err, /cell 1 failed; nothing was packed[\s\S]*Run it first: assay notebook run study\.ipynb/);
	const ran = await assay(['notebook', 'run', 'study.ipynb', '--set', 'n=3'], { cwd, env });
	t.is(ran.code, 0, ran.err);
	t.regex(
		readFileSync(join(cwd, 'study.ipynb'), 'utf8'),
		new RegExp(KEY),
		'the key is in the notebook that ran',
	);

	const packed = await assay(['notebook', 'pack', 'study.ipynb'], { cwd, env });
	t.is(packed.code, 0, packed.err);
	t.regex(packed.err, /! what the notebook's file shows in cell 2 is not what comes now/);
	const { manifest, contents } = readPack(join(cwd, 'study.assaypack'));
	t.deepEqual(
		[...contents.keys()],
		[
			CASSETTE,
			'files/items.jsonl',
			'files/lib/end.ts',
			'files/lib/shout.ts',
			'files/lib/twice.ts',
			'files/notes.txt',
			'files/study.ipynb',
		],
	);
	t.like(manifest, { notebook: 'study.ipynb', params: { n: '3' }, cassette: { calls: 6 } });
	t.deepEqual(
		manifest.models.map(({ provider }) => provider),
		['simulated'],
	);
	t.is(manifest.versions.packages.near, '1.2.3');
	t.regex(manifest.versions.packages.zod ?? '', /^\d+\.\d+\.\d+$/);
	t.is(manifest.versions.node, process.versions.node);
	for (const [name, bytes] of contents)
		t.false(Buffer.from(name.endsWith('.gz') ? gunzipSync(bytes) : bytes).includes(KEY), name);

	const elsewhere = studyFolder({});
	t.teardown(elsewhere.remove);
	const pack = join(cwd, 'study.assaypack');
	const without = await assay(['notebook', 'verify', pack], { cwd: elsewhere.path, env });
	t.is(without.code, 5);
	t.regex(without.err, /packages that are not here: near@1\.2\.3[\s\S]*npm install near@1\.2\.3/);
	write(elsewhere.path, NEAR);
	const verified = await assay(['notebook', 'verify', pack], { cwd: elsewhere.path, env });
	t.is(verified.code, 0, verified.out + verified.err);
	t.regex(verified.err, /the same comes out: 4 outputs compared, numbers within 0\.000001/);
});

test('a pack whose results are not what comes out is told apart, with a diff', async (t) => {
	const { cwd, notebook } = notebookFolder(t, [
		'console.log("mean", 0.5, "took 3 s")',
		"({ data: [{ type: 'bar', x: ['a'], y: [2] }], layout: {} })",
		'throw new Error(process.argv.length > 99 ? "" : "stop")',
	]);
	const failing = await assay(['notebook', 'pack', 'study.ipynb'], { cwd });
	t.is(failing.code, 3);
	t.regex(failing.err, /Error: stop/);
	const document = readNotebook(notebook);
	document.cells.pop();
	writeFileSync(notebook, JSON.stringify(document));
	t.is((await assay(['notebook', 'pack', 'study.ipynb'], { cwd })).code, 0);
	t.is((await assay(['notebook', 'pack', 'study.ipynb', '--out', 'again.assaypack'], { cwd })).code, 0);
	const path = join(cwd, 'study.assaypack');
	t.deepEqual(readFileSync(path), readFileSync(join(cwd, 'again.assaypack')));
	const { manifest, contents } = readPack(path);
	const name = 'files/study.ipynb';
	const changed = Buffer.from(contents.get(name) ?? [])
		.toString()
		.replace('mean 0.5 took 3 s', 'mean 0.51 took 9 s')
		.replace(/("y": \[\s*)2/, '$12.5');
	const { files: _, ...rest } = manifest;
	writeFileSync(path, packBytes(rest, new Map([...contents, [name, Buffer.from(changed)]])));
	const { code, out, err } = await assay(['notebook', 'verify', path], { cwd });
	t.is(code, 1, err);
	t.is(
		out,
		`cell 1, what it prints
  - mean 0.51 took ‹duration›
  + mean 0.5 took ‹duration›
cell 2, output 1, a figure
  data[0].y[0]: 2.5 was packed, 2 came now
`,
	);
	const loose = await assay(['notebook', 'verify', path, '--tolerance', '0.3'], { cwd });
	t.is(loose.code, 0, loose.out);
});

test('a key in a cell or a file is refused, and a pack is not written', async (t) => {
	const cell = notebookFolder(t, ['1 + 1', `const key = "${KEY}"`]);
	const refused = await assay(['notebook', 'pack', 'study.ipynb'], { cwd: cell.cwd });
	t.is(refused.code, 5);
	t.regex(refused.err, /cell 2 of the notebook .* holds what looks like a key: nothing was packed/);
	t.false(refused.err.includes(KEY));
	const file = notebookFolder(t, ['import { text } from "./data.ts"; text'], {
		'data.ts': 'export const text = "Hunter2-Hunter2-Hunter2";\n',
		'.env': 'DB=1',
	});
	const env = { DB_PASSWORD: 'Hunter2-Hunter2-Hunter2' };
	const known = await assay(['notebook', 'pack', 'study.ipynb'], { cwd: file.cwd, env });
	t.is(known.code, 5);
	t.regex(known.err, /files\/data\.ts holds a key of your environment/);
});

test('a file that no cell names in full is missed by the packed run, and comes along with --with', async (t) => {
	const { cwd } = notebookFolder(
		t,
		["import { readFileSync } from 'node:fs';\nreadFileSync(['a', 'txt'].join('.'), 'utf8')"],
		{ 'a.txt': 'found' },
	);
	const missed = await assay(['notebook', 'pack', 'study.ipynb'], { cwd });
	t.is(missed.code, 3);
	t.regex(missed.err, /ENOENT[\s\S]*--with <file>/);
	const packed = await assay(['notebook', 'pack', 'study.ipynb', '--with', 'a.txt'], { cwd });
	t.is(packed.code, 0, packed.err);
	rmSync(join(cwd, 'a.txt'));
	t.is((await assay(['notebook', 'verify', 'study.assaypack'], { cwd })).code, 0);
	const { contents } = readPack(join(cwd, 'study.assaypack'));
	writeFileSync(join(cwd, 'out.ipynb'), contents.get('files/study.ipynb') ?? '');
	t.deepEqual(
		outputsOf(readNotebook(join(cwd, 'out.ipynb'))).map((cell) => cell.map(plain)),
		[["'found'"]],
	);
});
