import anyTest, { type TestFn } from 'ava';
import { resultOf, startKernel, streamed, until } from './helpers/kernel.ts';

type Started = Awaited<ReturnType<typeof startKernel>>;

const test = anyTest as TestFn<Started>;
const kernel = startKernel();

test.beforeEach(async (t) => {
	t.context = await kernel;
});

test.after.always(async () => (await kernel).end());

const WRITE = JSON.stringify("process.stdout.write('out ä\\n'); process.stderr.write('err\\n')");
const ENDED =
	"await new Promise((done) => child.on('close', done)); [child.stdout, child.stdio[2], child.exitCode]";

const SPAWNED: Readonly<Record<string, string>> = {
	inherit: "{ stdio: 'inherit' }",
	'inherit for each': "{ stdio: ['ignore', 'inherit', 'inherit'] }",
	numbers: '{ stdio: [0, 1, 2] }',
	'the streams themselves': "{ stdio: ['pipe', process.stdout, process.stderr] }",
};

for (const [what, options] of Object.entries(SPAWNED))
	test.serial(`a program that is spawned with ${what} writes to the cell`, async (t) => {
		const answer = await t.context.client.execute(
			`import { spawn } from 'node:child_process'; const child = spawn(process.execPath, ['-e', ${WRITE}], ${options}); ${ENDED}`,
		);
		t.is(streamed(answer), 'out ä\n');
		t.is(streamed(answer, 'stderr'), 'err\n');
		t.is(resultOf(answer), '[ null, null, 0 ]', 'as of a program with inherited streams');
	});

test.serial('streams may change places, and those that are asked for stay with who asks', async (t) => {
	const { client } = t.context;
	const crossed = await client.execute(
		`import { spawn } from 'node:child_process'; const child = spawn(process.execPath, ['-e', ${WRITE}], { stdio: ['ignore', 2, 'ignore'] }); ${ENDED}`,
	);
	t.is(streamed(crossed), '');
	t.is(streamed(crossed, 'stderr'), 'out ä\n');
	const piped = await client.execute(
		`import { spawnSync } from 'node:child_process'; const { stdout, stderr } = spawnSync(process.execPath, ['-e', ${WRITE}], { stdio: ['ignore', 'pipe', 'inherit'] }); [String(stdout), stderr]`,
	);
	t.is(streamed(piped), '');
	t.is(streamed(piped, 'stderr'), 'err\n');
	t.is(resultOf(piped), "[ 'out ä\\n', null ]");
});

test.serial('programs that are waited for write to the cell, with an error too', async (t) => {
	const { client } = t.context;
	const answer = await client.execute(
		"import { execFileSync, execSync } from 'node:child_process'; const stdio = 'inherit'; [execSync('echo out ä; echo err >&2', { stdio }), execFileSync('true', { stdio })]",
	);
	t.is(streamed(answer), 'out ä\n');
	t.is(streamed(answer, 'stderr'), 'err\n');
	t.is(resultOf(answer), '[ null, null ]');
	const failing = await client.execute(
		"import { execSync } from 'node:child_process'; execSync('echo before; echo why >&2; exit 3', { stdio: 'inherit' })",
	);
	t.is(streamed(failing), 'before\n');
	t.is(streamed(failing, 'stderr'), 'why\n');
	t.regex(String(failing.reply.content.evalue), /Command failed/);
	const large = await client.execute(
		"import { execSync } from 'node:child_process'; execSync('head -c 1500000 /dev/zero | tr \"\\\\0\" x', { stdio: 'inherit' })",
	);
	t.is(streamed(large).length, 1_500_000, 'more than is kept of what is read');
});

test.serial('what a program that is waited for writes is seen while it runs', async (t) => {
	const { client } = t.context;
	const seen: unknown[] = [];
	client.onPublished = ({ header, content }) => {
		if (header.msg_type === 'stream') seen.push(content.text);
	};
	const running = client.execute(
		"import { execSync } from 'node:child_process'; console.log('before'); execSync('echo one; sleep 2; echo two; sleep 600 & sleep 0.1', { stdio: 'inherit' }); console.log('after')",
	);
	await until(() => seen.join('').includes('one'), 'the first line');
	t.is(seen.join(''), 'before\none\n');
	const answer = await running;
	t.is(streamed(answer), 'before\none\ntwo\nafter\n');
	client.onPublished = () => {};
	const silent = await client.execute("execSync('echo unseen', { stdio: 'inherit' })", { silent: true });
	t.is(streamed(silent), '');
	t.is(client.kernel.log, '');
});

test.serial('a program that writes without end is ended, and memory is left', async (t) => {
	const { client } = t.context;
	const flood = await client.execute(
		"import { execSync } from 'node:child_process'; execSync('yes', { stdio: 'inherit' })",
	);
	t.regex(String(flood.reply.content.evalue), /Command failed: yes/);
	t.regex(streamed(flood), /^y\ny\n/);
	t.regex(streamed(flood, 'stderr'), /left out here[\s\S]*\[it wrote more than 64 MB and was ended\]/);
	t.true(streamed(flood).length < 3_000_000);
	t.is(resultOf(await client.execute('process.memoryUsage().rss < 1e9')), 'true');
	const live = client.execute(
		"import { spawn } from 'node:child_process'; const yes = spawn('yes', { stdio: 'inherit' }); await new Promise((done) => setTimeout(done, 1000)); yes.kill(); process.memoryUsage().rss < 1e9",
	);
	t.is(resultOf(await live), 'true');
});

test.serial('a program that outlives its cell writes to that cell, and to no other', async (t) => {
	const { client } = t.context;
	const late: unknown[] = [];
	const first = client.execute(
		"import { exec, fork, spawn } from 'node:child_process'; spawn('sh', ['-c', 'sleep 0.3; echo late'], { stdio: 'inherit' }); 0",
	);
	client.onPublished = ({ header, parent, content }) => {
		if (header.msg_type === 'stream') late.push([parent.msg_id, content.text]);
	};
	const { reply } = await first;
	const second = await client.execute('await new Promise((done) => setTimeout(done, 800))');
	t.is(streamed(second), '');
	t.deepEqual(late, [[reply.parent.msg_id, 'late\n']]);
	client.onPublished = () => {};
	t.is(client.kernel.log, '', 'nothing reached the log');
});

test.serial('a program that is not there is an error of the cell', async (t) => {
	const answer = await t.context.client.execute(
		"import { spawn } from 'node:child_process'; await new Promise((_, fail) => spawn('no-such-program', { stdio: 'inherit' }).on('error', fail))",
	);
	t.regex(String(answer.reply.content.evalue), /no-such-program ENOENT/);
});

test.serial(
	'an interrupt ends a program that is waited for, with what it started, and no other',
	async (t) => {
		const { client } = t.context;
		const begun = await client.execute(
			"import { execSync, spawn } from 'node:child_process'; const beside = spawn('sleep', ['600']); beside.pid",
		);
		const beside = Number(resultOf(begun));
		const sent = performance.now();
		const waiting = client.execute("execSync('sleep 300; echo over', { stdio: 'inherit' })");
		await new Promise((done) => setTimeout(done, 1300));
		await client.interrupt();
		t.is((await waiting).reply.content.ename, 'Interrupted');
		t.true(performance.now() - sent < 60_000);
		t.true(process.kill(beside, 0), 'what another cell started goes on');
		const stubborn = client.execute("execSync('trap \"\" INT; sleep 300; sleep 300', { stdio: 'ignore' })");
		await new Promise((done) => setTimeout(done, 500));
		await client.interrupt();
		await new Promise((done) => setTimeout(done, 1000));
		await client.interrupt();
		t.is((await stubborn).reply.content.ename, 'Interrupted');
		const loop = client.execute('while (true) {}');
		await new Promise((done) => setTimeout(done, 300));
		await client.interrupt();
		t.is((await loop).reply.content.ename, 'Interrupted');
		t.true(process.kill(beside, 0));
		t.is(resultOf(await client.execute("beside.kill(); execSync('echo 1').toString()")), "'1\\n'");
	},
);
