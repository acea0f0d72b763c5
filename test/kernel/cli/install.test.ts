import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import test from 'ava';
import { userDataFolder } from '../../../kernel/cli/jupyter-data.ts';
import { KernelClient } from '../../../kernel/jupyter/client/kernel-client.ts';
import { assay, studyFolder } from '../../helpers/assay.ts';

test('install puts a kernel that starts, its logo and the extension under the prefix', async (t) => {
	const folder = studyFolder({});
	t.teardown(folder.remove);
	const env = { XDG_CACHE_HOME: join(folder.path, 'cache'), XDG_DATA_HOME: join(folder.path, 'data') };
	const ran = await assay(['install', '--prefix', 'jupyter'], { cwd: folder.path, env });
	t.is(ran.code, 0, ran.err);
	t.regex(ran.out, /It answers after \d/);
	const data = join(folder.path, 'jupyter', 'share', 'jupyter');
	const kernel = join(data, 'kernels', 'assay');
	const spec = JSON.parse(readFileSync(join(kernel, 'kernel.json'), 'utf8'));
	t.like(spec, { language: 'typescript', interrupt_mode: 'message' });
	t.is(spec.argv.at(-1), '{connection_file}');
	t.true(isAbsolute(spec.argv[0]) && isAbsolute(spec.argv.at(-2)));
	for (const logo of ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'])
		t.true(statSync(join(kernel, logo)).size > 100);
	t.true(existsSync(join(data, 'labextensions', '@assay', 'jupyterlab', 'package.json')));

	const client = await KernelClient.start({
		folder: folder.path,
		env: { ...process.env, ...env },
		command: { argv: spec.argv.slice(0, -1), env: spec.env },
	});
	t.is((await client.request('kernel_info_request', {})).reply.content.implementation, 'assay');
	await client.shutdown();
});

test('install says what is wrong with its options and its folder', async (t) => {
	const folder = studyFolder({ file: 'not a folder' });
	t.teardown(folder.remove);
	const both = await assay(['install', '--user', '--prefix', folder.path]);
	t.is(both.code, 2);
	t.regex(both.err, /exclude each other/);
	const nowhere = await assay(['install', '--prefix', join(folder.path, 'file')]);
	t.is(nowhere.code, 5);
	t.regex(nowhere.err, /cannot write into[\s\S]*--user needs no rights/);
});

test('the folder of a user is where Jupyter looks', (t) => {
	t.is(userDataFolder('linux', {}, '/home/ada'), '/home/ada/.local/share/jupyter');
	t.is(userDataFolder('linux', { XDG_DATA_HOME: '/data' }, '/home/ada'), '/data/jupyter');
	t.is(userDataFolder('darwin', {}, '/Users/ada'), '/Users/ada/Library/Jupyter');
	t.is(userDataFolder('linux', { JUPYTER_DATA_DIR: '/j' }, '/home/ada'), '/j');
});
