import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { Dealer } from 'zeromq';
import type { Answer } from '../../../kernel/jupyter/client/kernel-client.ts';
import { endpoint } from '../../../kernel/jupyter/connection.ts';
import { resultOf, startKernel, streamed } from './helpers/kernel.ts';

type Started = Awaited<ReturnType<typeof startKernel>>;

const test = anyTest as TestFn<Started>;
const kernel = startKernel();

test.beforeEach(async (t) => {
	t.context = await kernel;
});

test.after.always(async () => (await kernel).end());

/** Runs a cell, does something to the kernel a while later, and says how the cell ended. */
async function disturbed(
	{ client }: Started,
	code: string,
	disturb: () => unknown,
	after = 300,
): Promise<Answer> {
	const answer = client.execute(code);
	await sleep(after);
	await disturb();
	return answer;
}

const CELLS: Readonly<Record<string, string>> = {
	'a loop': 'while (true) {}',
	'a loop that catches everything': 'while (true) { try { while (true) {} } catch {} finally {} }',
	'a loop behind an await': 'await null; await new Promise((done) => setTimeout(done, 10)); while (true) {}',
	'a loop in a timer': 'setTimeout(() => { while (true) {} }, 10); await new Promise(() => {})',
	'a loop in a microtask after the cell': 'Promise.resolve().then(() => { while (true) {} }); 1',
	'a regular expression': '/(a+)+$/.test("a".repeat(40) + "b")',
	'a pending await': 'await new Promise(() => {})',
	'a sleep that ignores it': 'for (;;) await new Promise((done) => setTimeout(done, 10_000))',
	'a loop that prints': 'while (true) console.log("and on")',
};

for (const [what, code] of Object.entries(CELLS))
	test.serial(`an interrupt ends ${what}, and the next cell runs`, async (t) => {
		const { client } = t.context;
		await client.execute('let kept = 41');
		const { reply } = await disturbed(t.context, code, () => client.interrupt());
		if (!what.includes('microtask')) t.like(reply.content, { status: 'error', ename: 'Interrupted' });
		t.is(resultOf(await client.execute('kept + 1')), '42');
		t.is(resultOf(await client.execute('await new Promise((done) => setTimeout(() => done(7), 5))')), '7');
	});

test.serial('a loop that is ended leaves its variables as they were about then', async (t) => {
	const { client } = t.context;
	const endless = 'let turns = 0, doubled = 0; while (true) { turns++; doubled += 2 }';
	const { reply } = await disturbed(t.context, endless, () => client.interrupt());
	t.is(reply.content.ename, 'Interrupted');
	t.is(resultOf(await client.execute('[turns > 1e6, doubled === 2 * turns]')), '[ true, true ]');
});

test.serial('an interrupt that comes when nothing runs does no harm', async (t) => {
	await t.context.client.interrupt();
	t.is(resultOf(await t.context.client.execute('1 + 1')), '2');
});

test.serial('an interrupt refuses the cells that wait', async (t) => {
	const { client } = t.context;
	const running = client.execute('await new Promise(() => {})');
	const waiting = client.execute('1');
	await sleep(100);
	await client.interrupt();
	t.is((await running).reply.content.ename, 'Interrupted');
	t.is((await waiting).reply.content.status, 'aborted');
});

test.serial(
	'an interrupt ends a question to the person, whose late answer is not taken for another',
	async (t) => {
		const { client } = t.context;
		const asked = Promise.withResolvers<string>();
		client.onInput = () => asked.promise;
		const asking = "import { input } from 'assay'; await input('Name? ')";
		const { reply } = await disturbed(t.context, asking, () => client.interrupt());
		t.is(reply.content.ename, 'Interrupted');
		asked.resolve('too late');
		await sleep(50);
		client.onInput = () => 'in time';
		t.is(resultOf(await client.execute(asking)), "'in time'");
	},
);

/** Milliseconds from the signal to the answer of the cell that it ended. */
async function endedBySignal({ client }: Started, code: string): Promise<number> {
	const answer = client.execute(code);
	await sleep(300);
	const sent = performance.now();
	client.kernel.child.kill('SIGINT');
	const { reply } = await answer;
	if (reply.content.ename !== 'Interrupted') throw new Error(JSON.stringify(reply.content));
	return performance.now() - sent;
}

test.serial('SIGINT ends a cell that waits or blocks, and the next is not touched by it', async (t) => {
	const { client } = t.context;
	const blocked: number[] = [];
	for (let round = 0; round < 5; round++) {
		await endedBySignal(t.context, 'await new Promise(() => {})');
		blocked.push(await endedBySignal(t.context, 'while (true) {}'));
		t.is(resultOf(await client.execute('2 + 2')), '4');
	}
	t.log(`a blocked cell ended after ${blocked.map(Math.round).join(', ')} ms`);
	// 50 ms to see it and 150 ms of patience with a cell that may end by itself; the rest is for a busy machine.
	t.true(Math.min(...blocked) < 500);
});

test.serial(
	'SIGINT is heard also where a cell listens to it, and one that came too early is forgotten',
	async (t) => {
		const { client } = t.context;
		await client.execute("process.on('SIGINT', () => {}); process.once('SIGINT', () => {})");
		client.kernel.child.kill('SIGINT');
		await sleep(200);
		t.is(
			resultOf(await client.execute("await new Promise((done) => setTimeout(() => done('whole'), 300))")),
			"'whole'",
		);
		await endedBySignal(t.context, 'while (true) {}');
	},
);

test.serial('the heartbeat and control answer while a cell blocks', async (t) => {
	const { client } = t.context;
	const heart = new Dealer({ linger: 0 });
	t.teardown(() => heart.close());
	heart.connect(endpoint(client.kernel.connection, 'hb'));
	const beat = async (): Promise<number> => {
		const start = performance.now();
		await heart.send('ping');
		const [echo] = await heart.receive();
		t.is(String(echo), 'ping');
		return performance.now() - start;
	};
	await beat();
	const blocked = client.execute('while (true) {}');
	await sleep(300);
	for (let count = 0; count < 5; count++) t.true((await beat()) < 1000);
	t.is((await client.request('kernel_info_request', {}, 'control')).reply.content.status, 'ok');
	await client.interrupt();
	t.is((await blocked).reply.content.ename, 'Interrupted');
});

test.serial('what a cell printed before it blocks is seen while it blocks', async (t) => {
	const { client } = t.context;
	const texts: unknown[] = [];
	client.onPublished = ({ content }) => texts.push(content.text);
	const blocked = client.execute('console.log("now"); console.log("it begins"); while (true) {}');
	await sleep(1000);
	t.is(texts.filter(Boolean).join(''), 'now\nit begins\n');
	client.onPublished = () => {};
	await client.interrupt();
	t.is(streamed(await blocked), 'now\nit begins\n');
});
