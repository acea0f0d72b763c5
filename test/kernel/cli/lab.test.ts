import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { assay, studyFolder } from '../../helpers/assay.ts';

const kernelIn = (data: string): string => join(data, 'kernels', 'assay', 'kernel.json');
const extensionIn = (data: string): string => join(data, 'labextensions', '@assay', 'jupyterlab');

test('install puts the kernel and the extension into a prefix as plain files, and takes both away', async (t) => {
	const folder = studyFolder({});
	t.teardown(folder.remove);
	const data = join(folder.path, 'share', 'jupyter');
	const { code, out, err } = await assay(['install', '--prefix', folder.path]);
	t.is(code, 0, err);
	t.regex(out, /It answers after [\d.]+ s/);
	const { argv, interrupt_mode } = JSON.parse(readFileSync(kernelIn(data), 'utf8'));
	t.true(existsSync(argv[0]) && argv.at(-1) === '{connection_file}');
	t.is(interrupt_mode, 'message');
	const { jupyterlab } = JSON.parse(readFileSync(join(extensionIn(data), 'package.json'), 'utf8'));
	t.true(existsSync(join(extensionIn(data), jupyterlab._build.load)));
	t.true(statSync(join(extensionIn(data), 'static', 'plotly.min.js')).size > 1e6);
	t.is(
		JSON.parse(readFileSync(join(extensionIn(data), 'install.json'), 'utf8')).packageName,
		'@assay/jupyterlab',
	);

	mkdirSync(join(data, 'kernels', 'python3'));
	const removed = await assay(['install', '--remove', '--prefix', folder.path]);
	t.is(removed.code, 0, removed.err);
	t.false(existsSync(kernelIn(data)) || existsSync(join(data, 'labextensions', '@assay')));
	t.true(existsSync(join(data, 'kernels', 'python3')), "others' kernels stay");
	const again = await assay(['install', '--remove', '--prefix', folder.path]);
	t.regex(again.out, /nothing of Assay is installed in/);
});

test('without an option it is installed where Jupyter keeps data of the user', async (t) => {
	const folder = studyFolder({});
	t.teardown(folder.remove);
	const env = { JUPYTER_DATA_DIR: folder.path };
	t.is((await assay(['install'], { env })).code, 0);
	t.true(existsSync(kernelIn(folder.path)));
	t.is((await assay(['install', '--user', '--sys-prefix'], { env })).code, 2);
	t.regex((await assay(['install', 'here'], { env })).err, /takes no operand/);
});

/** Stands in for JupyterLab: writes what it was started with. */
const LAB = '#!/bin/sh\necho "lab $*"\n';

test('lab starts the JupyterLab of a .venv above, with the kernel installed first; a second time as it is', async (t) => {
	const folder = studyFolder({ 'study.ipynb': '{}' });
	t.teardown(folder.remove);
	const bin = join(folder.path, '.venv', 'bin');
	const inner = join(folder.path, 'inner');
	for (const each of [bin, inner]) mkdirSync(each, { recursive: true });
	writeFileSync(join(bin, 'jupyter-lab'), LAB);
	chmodSync(join(bin, 'jupyter-lab'), 0o755);
	const data = join(folder.path, 'data');
	const env = { JUPYTER_DATA_DIR: data, PATH: '/usr/bin:/bin' };
	const first = await assay(['lab', '../study.ipynb', '--no-browser', '--', '--port=9999'], {
		cwd: inner,
		env,
	});
	t.is(first.code, 0, first.err);
	t.is(first.out, 'lab --no-browser ../study.ipynb --port=9999\n');
	t.true(first.err.includes(`the kernel is now installed in ${data}`));
	t.true(existsSync(kernelIn(data)) && existsSync(extensionIn(data)));
	t.is((await assay(['lab'], { cwd: inner, env })).err, '');
	// A kernel of a Node that is gone is installed anew.
	writeFileSync(kernelIn(data), '{"argv": ["/gone/node", "main.ts", "{connection_file}"]}');
	t.regex((await assay(['lab'], { cwd: inner, env })).err, /now installed/);
});

test('lab says the one command that installs JupyterLab where there is none', async (t) => {
	const folder = studyFolder({});
	t.teardown(folder.remove);
	const env = { JUPYTER_DATA_DIR: folder.path, PATH: folder.path };
	const { code, err } = await assay(['lab'], { cwd: folder.path, env });
	t.is(code, 5);
	t.regex(
		err,
		/there is no JupyterLab here\n.*python3 -m venv \.venv && \.venv\/bin\/pip install jupyterlab/,
	);
	t.false(existsSync(join(folder.path, 'kernels')));
	t.regex(
		(await assay(['lab', 'gone.ipynb'], { cwd: folder.path, env })).err,
		/there is no notebook gone\.ipynb/,
	);
});
