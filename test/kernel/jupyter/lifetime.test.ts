import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { KernelClient } from '../../../kernel/jupyter/client/kernel-client.ts';
import { kernelCommand } from '../../../kernel/jupyter/launch.ts';
import { notebookFolder, resultOf, startKernel, streamed, until } from './helpers/kernel.ts';

/** Processes of a group; a kernel is the leader of one. */
const groupOf = (leader: number): string[] =>
	execFileSync('ps', ['-A', '-o', 'pgid=,pid=,stat=,args='], { encoding: 'utf8' })
		.split('\n')
		.filter((line) => Number(line.trim().split(/\s+/)[0]) === leader && !/ Z/.test(line));

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

test.serial('20 restarts leave no process and no file behind, and history is kept', async (t) => {
	const folder = notebookFolder();
	t.teardown(folder.remove);
	const temporary = join(folder.path, 'tmp');
	mkdirSync(temporary);
	const env = { ...folder.env, TMPDIR: temporary };
	for (let round = 1; round <= 20; round++) {
		const client = await KernelClient.start({ folder: folder.path, env });
		t.teardown(() => client.kernel.kill());
		const pid = client.kernel.child.pid as number;
		await client.execute(
			`const round = ${round}; await import('node:child_process').then(({ spawn }) => spawn('sleep', ['600']).pid)`,
		);
		t.true(groupOf(pid).length > 1, 'the kernel, and what the cell started');
		if (round === 20) {
			const { reply } = await client.request('history_request', {
				hist_access_type: 'search',
				pattern: 'const round*',
			});
			t.is((reply.content.history as unknown[]).length, 20);
		}
		await client.shutdown(round < 20);
		t.is(await client.kernel.ended, 0);
		await until(() => groupOf(pid).length === 0, `the end of ${groupOf(pid).join('; ')}`);
	}
	t.deepEqual(readdirSync(temporary), []);
});

for (const [what, code] of [
	['blocks', 'while (true) {}'],
	['waits', 'await new Promise(() => {})'],
] as const)
	test.serial(`a kernel whose cell ${what} shuts down, and says so to everyone`, async (t) => {
		const { client, end } = await startKernel({ transport: 'tcp' });
		t.teardown(end);
		const states: unknown[] = [];
		client.onPublished = ({ header, content }) => states.push(header.msg_type, content.restart);
		client.execute(code).catch(() => {});
		await sleep(500);
		const start = Date.now();
		await client.shutdown(true);
		t.is(await client.kernel.ended, 0);
		t.true(Date.now() - start < 5000);
		t.true(states.includes('shutdown_reply') && states.includes(true));
	});

test.serial('SIGTERM ends a kernel in order', async (t) => {
	const { client, end } = await startKernel();
	t.teardown(end);
	const pid = client.kernel.child.pid as number;
	await client.execute('1 + 1');
	client.kernel.child.kill('SIGTERM');
	t.is(await client.kernel.ended, 0);
	t.deepEqual(groupOf(pid), []);
});

test.serial('a kernel ends when the Jupyter that started it is gone, also while a cell blocks', async (t) => {
	const folder = notebookFolder();
	t.teardown(folder.remove);
	const parent = join(folder.path, 'parent.ts');
	const client = new URL('../../../kernel/jupyter/client/kernel-client.ts', import.meta.url).href;
	writeFileSync(
		parent,
		`import { KernelClient } from '${client}';
		const client = await KernelClient.start({ folder: ${JSON.stringify(folder.path)} });
		await client.execute('1');
		client.execute('while (true) {}');
		console.log(client.kernel.child.pid);
		setInterval(() => {}, 1000);`,
	);
	const jupyter = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', parent], {
		env: folder.env,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	t.teardown(() => jupyter.kill('SIGKILL'));
	const pid = await new Promise<number>((done) => jupyter.stdout.once('data', (text) => done(Number(text))));
	await sleep(300);
	t.true(isAlive(pid));
	jupyter.kill('SIGKILL');
	await until(() => !isAlive(pid) && groupOf(pid).length === 0, 'the end of the kernel');
	t.pass();
});

test.serial('a thousand cells leave nothing behind but what they hold', async (t) => {
	const command = kernelCommand();
	const [node = '', ...flags] = command.argv;
	const { client, end } = await startKernel({
		command: { ...command, argv: [node, '--expose-gc', ...flags] },
	});
	t.teardown(end);
	const run = async (count: number): Promise<void> => {
		for (let index = 0; index < count; index++) {
			const answer = await client.execute(
				`const row = { index: ${index} }; console.log(row.index); row.index * 2`,
			);
			t.is(resultOf(answer), String(index * 2));
			t.is(streamed(answer), `${index}\n`);
		}
	};
	const heap = async (): Promise<number> =>
		Number(
			resultOf(
				await client.execute(
					'(globalThis as unknown as { gc(): void }).gc(); process.memoryUsage().heapUsed',
				),
			),
		);
	await run(200);
	const before = await heap();
	await run(800);
	const grown = (await heap()) - before;
	t.true(grown < 8_000_000, `${(grown / 1e6).toFixed(1)} MB more after 800 cells`);
});

test.serial('a connection file that is wrong ends the kernel with a sentence', async (t) => {
	const folder = notebookFolder();
	t.teardown(folder.remove);
	const file = join(folder.path, 'connection.json');
	writeFileSync(file, JSON.stringify({ shell_port: 'x' }));
	const { argv } = kernelCommand();
	const [node = '', ...args] = argv;
	const child = spawn(node, [...args, file], { stdio: ['ignore', 'ignore', 'pipe'] });
	let log = '';
	child.stderr.on('data', (chunk) => {
		log += chunk;
	});
	t.is(await new Promise((done) => child.on('close', done)), 1);
	t.regex(log, /shell_port is "x", not a port/);
	t.true(existsSync(file));
});
