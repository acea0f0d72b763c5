import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import * as assay from '../../../../kernel/jupyter/modules/assay.ts';
import * as tslab from '../../../../kernel/jupyter/modules/tslab.ts';
import type * as DeclaredAssay from '../../../../kernel/jupyter/modules/types/assay.d.ts';
import type * as DeclaredTslab from '../../../../kernel/jupyter/modules/types/tslab.d.ts';
import { Notebook, plain } from './notebook.ts';

const pack = (name: string, more: object): string => JSON.stringify({ name, version: '1.0.0', ...more });

const notebook = new Notebook({
	'node_modules/common/package.json': pack('common', { main: 'i.js', types: 'i.d.ts' }),
	'node_modules/common/i.js': "exports.one = 1; exports['late' + 'r'] = () => 'found at run time';",
	'node_modules/common/i.d.ts': 'export const one: number; export function later(): string;',
	'node_modules/compiled/package.json': pack('compiled', { main: 'i.js', types: 'i.d.ts' }),
	'node_modules/compiled/i.js':
		"Object.defineProperty(exports, '__esModule', { value: true }); exports.default = function hello() { return 'hello' };",
	'node_modules/compiled/i.d.ts': 'export default function hello(): string;',
	'node_modules/modern/package.json': pack('modern', {
		type: 'module',
		exports: {
			'.': { types: './i.d.ts', import: './i.js' },
			'./sub': { types: './i.d.ts', import: './i.js' },
		},
	}),
	'node_modules/modern/i.js': 'export const seven = 7; export default class Modern { z = 1 }',
	'node_modules/modern/i.d.ts': 'export const seven: number; export default class Modern { z: number }',
	'node_modules/untyped/package.json': pack('untyped', { main: 'i.js' }),
	'node_modules/untyped/i.js': 'exports.anything = 5',
	'data.json': '{ "k": [1, 2] }',
	'local.ts':
		"import { base } from './lib/base';\nimport { Shape } from './lib/types.ts';\nexport enum Mode { On = 5 }\nexport const twice = (shape: Shape): number => shape.n * 2 + base;",
	'lib/base.ts': 'export const base: number = 100;',
	'lib/types.ts': 'export interface Shape { n: number }',
	'old.cjs': 'module.exports = { c: 1 }',
	'plain.mjs': 'export const j = 1',
	'broken.ts': 'export const q = ;',
	'uses-assay.ts':
		"import { display } from 'assay';\nexport const show = (text: string): void => display.text(text);",
});
test.after.always(() => notebook.close());

test.serial('packages of both kinds are imported with their types', async (t) => {
	t.is(await notebook.value("import { one, later } from 'common'; one + later()"), "'1found at run time'");
	t.is(await notebook.value("import hello from 'compiled'; hello()"), "'hello'");
	t.is(await notebook.value("import Modern, { seven } from 'modern'; new Modern().z + seven"), '8');
	t.is(await notebook.value("import * as modern from 'modern/sub'; modern.seven"), '7');
	t.is(
		await notebook.value('hello().length + new Modern().z + modern.seven'),
		'13',
		'names reach later cells',
	);
	t.is((await notebook.error('seven.nope')).ename, 'TS2339');
});

test.serial('a package without types can be used all the same', async (t) => {
	t.is(await notebook.value("import { anything } from 'untyped'; anything"), '5');
});

test.serial('require finds the same packages', async (t) => {
	t.is(await notebook.value("require('common').one"), '1');
	t.is(await notebook.value("require('./old.cjs').c"), '1');
	t.regex(
		(await notebook.error("require('not-installed-at-all')")).evalue,
		/Cannot find module 'not-installed-at-all'/,
	);
});

test.serial('import() and import.meta are those of a module in the folder of the notebook', async (t) => {
	t.is(await notebook.value("const lazily = await import('modern'); lazily.seven"), '7');
	t.is(await notebook.value('import.meta.dirname'), `'${notebook.folder}'`);
	t.is(await notebook.value("const { Mode: M } = await import('./local'); M.On"), '5');
});

test.serial('local files are loaded: TypeScript with all its forms, JSON, JavaScript', async (t) => {
	t.is(await notebook.value("import { twice, Mode } from './local'; twice({ n: 1 }) + Mode.On"), '107');
	t.is((await notebook.error("twice({ n: 'x' })")).ename, 'TS2322');
	t.is(await notebook.value("import data from './data.json'; data.k[1]"), '2');
	t.is((await notebook.error('data.nope')).ename, 'TS2339');
	t.is(await notebook.value("import { j } from './plain.mjs'; j"), '1');
	t.is(await notebook.value("import c from './old.cjs'; c"), '{ c: 1 }');
	t.is(
		await notebook.value("import type { Shape } from './lib/types'; const s: Shape = { n: 4 }; twice(s)"),
		'108',
	);
	t.is(await notebook.value("import { Shape as S2 } from './lib/types'; const s2: S2 = { n: 4 }; s2.n"), '4');
});

test.serial('a file that changed is loaded and checked anew, also behind another', async (t) => {
	const again = "import { twice } from './local'; twice({ n: 1 })";
	t.is(await notebook.value(again), '102');
	notebook.write('lib/base.ts', 'export const base: number = 1000; // changed');
	t.is(await notebook.value(again), '1002');
	notebook.write('lib/types.ts', 'export interface Shape { n: number; unit: string }');
	t.is((await notebook.error(again)).ename, 'TS2741');
	notebook.write('data.json', '{ "k": [1, 2], "nope": "there" }');
	t.is(await notebook.value("import data from './data.json'; data.nope.length"), '5');
	notebook.write('plain.mjs', 'export const j = "text"; // changed');
	t.is(await notebook.value("import { j } from './plain.mjs'; j.length"), '4');
	notebook.write('old.cjs', 'module.exports = { c: 2, d: 3 }');
	t.is(await notebook.value("import c from './old.cjs'; c"), '{ c: 2, d: 3 }');
	t.is(await notebook.value("require('./old.cjs').d"), '3');
});

test.serial('a file or package that was missing is found once it is there', async (t) => {
	t.is((await notebook.error("import { later as l1 } from './later'")).ename, 'TS2307');
	notebook.write('later.ts', 'export const later = 3;');
	t.is(await notebook.value("import { later as l2 } from './later'; l2 + 1"), '4');
	t.is((await notebook.error("import { z } from 'installed-later'")).ename, 'TS2307');
	notebook.write(
		'node_modules/installed-later/package.json',
		pack('installed-later', { main: 'i.js', types: 'i.d.ts' }),
	);
	notebook.write('node_modules/installed-later/i.js', 'exports.z = 5');
	notebook.write('node_modules/installed-later/i.d.ts', 'export const z: number;');
	t.is(await notebook.value("import { z } from 'installed-later'; z"), '5');
	t.is(await notebook.value('l2'), '3', 'what was known before is still known');
});

test.serial('a file with a syntax error is named', async (t) => {
	const error = plain(await notebook.error("import { q } from './broken'"));
	t.regex(error, /broken\.ts cannot be loaded: Expression expected/);
});

test.serial('type errors in imported files are told with file and line, until they are mended', async (t) => {
	notebook.write('wrong/deep.ts', 'export const deep: number = 1;\n\nexport const text: string = deep;\n');
	notebook.write(
		'wrong.ts',
		"import { deep } from './wrong/deep.ts';\nexport const loose = (a) => a + deep;\nexport const long: string[] = [deep];\n",
	);
	const importing = "import { loose } from './wrong'; loose(1)";
	const { result, shown } = await notebook.run(importing);
	t.like(result, { status: 'ok', result: { data: { 'text/plain': '2' } } });
	const told = stripVTControlCharacters(shown.stderr);
	t.regex(
		told,
		/wrong\/deep\.ts:3:14 - error TS2322: .*\n\n3 export const text: string = deep;\n {15}~~~~\n/,
	);
	t.regex(told, /(?<!\/)wrong\.ts:3:32 - error TS2322/);
	t.notRegex(told, /implicitly has an 'any' type/, 'a folder need not be strict');
	t.is((await notebook.run(importing)).shown.stderr, shown.stderr, 'as long as it is so');
	notebook.write('wrong/deep.ts', 'export const deep: string = "1";\n');
	t.is(
		(await notebook.run(importing)).shown.stderr,
		'',
		'also what follows from a file that another imports',
	);
	t.is((await notebook.run("import { seven } from 'modern'; seven")).shown.stderr, '');
});

test.serial('Node, Danfo and Plotly are known without setup', async (t) => {
	t.is(await notebook.value("import { basename } from 'node:path'; basename('/a/b')"), "'b'");
	t.is((await notebook.error("Buffer.from('a').nope")).ename, 'TS2339');
	t.is(
		await notebook.value(
			"import { Data } from 'plotly.js'; const trace: Data = { type: 'scatter', x: [1] }; trace.type",
		),
		"'scatter'",
	);
	t.is((await notebook.error("const wrong: Data = { type: 'scatterr' }")).ename, 'TS2820');
	t.is(
		await notebook.value(
			"import { DataFrame } from 'danfojs-node'; const df = new DataFrame({ a: [1, 2] }); df.shape",
		),
		'[ 2, 1 ]',
	);
	t.is(await notebook.value("df.column('a').mean().toFixed(1)"), "'1.5'");
});

test.serial('files use the module assay as cells do', async (t) => {
	const { shown } = await notebook.run("import { show } from './uses-assay'; show('from a file')");
	t.deepEqual(shown.displays[0]?.data, { 'text/plain': 'from a file' });
});

test('what the checker knows of our modules is what they are', (t) => {
	const declared: { assay: typeof DeclaredAssay; tslab: typeof DeclaredTslab } = { assay, tslab };
	const actual: { assay: typeof assay; tslab: typeof tslab } = declared;
	t.truthy(actual);
	const folder = resolve(import.meta.dirname, '../../../../kernel/jupyter/modules/types');
	t.true(
		readdirSync(folder).every((file) => file.endsWith('.d.ts')),
		join(folder),
	);
});
