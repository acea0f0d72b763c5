import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import type { Incoming } from '../../../kernel/jupyter/wire/message.ts';
import { resultOf, startKernel, streamed, types, until } from './helpers/kernel.ts';

type Started = Awaited<ReturnType<typeof startKernel>>;

const test = anyTest as TestFn<Started>;
const kernel = startKernel();

test.beforeEach(async (t) => {
	t.context = await kernel;
});

test.after.always(async () => (await kernel).end());

test.serial('a kernel says what it is, on shell and on control, within busy and idle', async (t) => {
	for (const channel of ['shell', 'control'] as const) {
		const { reply, published } = await t.context.client.request('kernel_info_request', {}, channel);
		t.is(reply.content.protocol_version, '5.4');
		t.is((reply.content.language_info as { name: string }).name, 'typescript');
		t.deepEqual(
			published.map(({ content }) => content.execution_state),
			['busy', 'idle'],
		);
	}
});

test.serial('a cell is echoed, shown and answered, in the order of the protocol', async (t) => {
	const answer = await t.context.client.execute('6 * 7');
	t.deepEqual(types(answer), ['status', 'execute_input', 'execute_result', 'status']);
	t.is(resultOf(answer), '42');
	const count = answer.reply.content.execution_count;
	t.is(answer.published[1]?.content.execution_count, count);
	t.like(answer.reply.content, { status: 'ok', payload: [], user_expressions: {} });
	t.true(answer.published.every(({ parent }) => parent.msg_id === answer.reply.parent.msg_id));
});

test.serial('silent cells show nothing and are not counted; unstored ones are not counted', async (t) => {
	const { client } = t.context;
	const before = (await client.execute('1')).reply.content.execution_count;
	const silent = await client.execute('console.log("unheard"); let silentlyMade = 2', { silent: true });
	t.deepEqual(types(silent), ['status', 'status']);
	t.is(silent.reply.content.execution_count, before);
	const unstored = await client.execute('silentlyMade', { store_history: false });
	t.is(resultOf(unstored), '2');
	t.is(unstored.reply.content.execution_count, before);
	t.is((await client.execute('1')).reply.content.execution_count, Number(before) + 1);
});

test.serial('user expressions are values or errors, each for itself', async (t) => {
	const { client } = t.context;
	const { reply } = await client.execute('let asked = 20', {
		user_expressions: { good: 'asked + 1', bad: '(() => { throw new RangeError("no") })()' },
	});
	const { good, bad } = reply.content.user_expressions as Record<string, Record<string, unknown>>;
	t.like(good, { status: 'ok', data: { 'text/plain': '21' } });
	t.like(bad, { status: 'error', ename: 'RangeError', evalue: 'no' });
});

test.serial('an error refuses the cells that were sent with it, and none that come later', async (t) => {
	const { client } = t.context;
	const [failed, refused, alsoRefused] = await Promise.all([
		client.execute('await new Promise((done) => setTimeout(done, 50)); throw new TypeError("as asked")'),
		client.execute('1'),
		client.execute('2'),
	]);
	t.like(failed.reply.content, { status: 'error', ename: 'TypeError', evalue: 'as asked' });
	t.true(types(failed).includes('error'));
	t.is(refused.reply.content.status, 'aborted');
	t.false('execution_count' in refused.reply.content, 'it has not run');
	t.is(alsoRefused.reply.content.status, 'aborted');
	t.is((await client.execute('3')).reply.content.status, 'ok');

	const [, goesOn] = await Promise.all([
		client.execute('throw new Error("so what")', { stop_on_error: false }),
		client.execute('"went on"'),
	]);
	t.is(resultOf(goesOn), "'went on'");
});

test.serial('an error that blocks the thread refuses the cells sent meanwhile too', async (t) => {
	const { client } = t.context;
	const failed = client.execute('{ const end = Date.now() + 300; while (Date.now() < end); throw 1 }');
	await sleep(100);
	const refused = client.execute('1');
	t.is((await failed).reply.content.status, 'error');
	t.is((await refused).reply.content.status, 'aborted');
	t.is((await client.execute('2')).reply.content.status, 'ok');
});

test.serial('text is complete, incomplete with an indent, invalid', async (t) => {
	const { client } = t.context;
	const ask = async (code: string) => (await client.request('is_complete_request', { code })).reply.content;
	t.is((await ask('1 + 1')).status, 'complete');
	t.is((await ask('let let = = ;')).status, 'invalid');
	const unfinished = await ask('function f() {');
	t.is(unfinished.status, 'incomplete');
	t.regex(String(unfinished.indent), /^[ \t]+$/);
});

test.serial('positions count code points, also behind characters of two UTF-16 units', async (t) => {
	const { client } = t.context;
	const code = '"🧪🧪"; Math.fl';
	const { content } = (await client.request('complete_request', { code, cursor_pos: 13 })).reply;
	t.deepEqual(content.matches, ['floor']);
	t.is(content.cursor_start, 11);
	t.is(content.cursor_end, 13);
	const [typed] =
		(content.metadata as Record<string, Record<string, unknown>[]>)._jupyter_types_experimental ?? [];
	t.like(typed, { start: 11, end: 13, text: 'floor', type: 'function' });

	const looked = await client.request('inspect_request', {
		code: '"🧪🧪"; Math.floor',
		cursor_pos: 14,
		detail_level: 0,
	});
	t.true(looked.reply.content.found);
	t.regex(String((looked.reply.content.data as Record<string, string>)['text/plain']), /floor/);
	t.regex(String((looked.reply.content.data as Record<string, string>)['text/markdown']), /floor/);
	const nothing = await client.request('inspect_request', { code: ' ', cursor_pos: 0 });
	t.like(nothing.reply.content, { status: 'ok', found: false });
});

test.serial('history is found by its end, its range and its words', async (t) => {
	const { client } = t.context;
	const ran = await client.execute('"first of [history]"');
	await client.execute('"second of history"');
	const line = Number(ran.reply.content.execution_count);
	const ask = async (content: object) =>
		(await client.request('history_request', content)).reply.content.history;
	const texts = (entries: unknown) => (entries as [number, number, unknown][]).map(([, , text]) => text);
	t.deepEqual(texts(await ask({ hist_access_type: 'tail', n: 2 })), [
		'"first of [history]"',
		'"second of history"',
	]);
	t.deepEqual(
		texts(await ask({ hist_access_type: 'range', session: 0, start: line, stop: line + 1, output: true })),
		[['"first of [history]"', "'first of [history]'"]],
	);
	t.deepEqual(texts(await ask({ hist_access_type: 'search', pattern: '*of [hist*' })), [
		'"first of [history]"',
	]);
	await client.execute('"second of history"');
	const search = { hist_access_type: 'search', pattern: '*second of*' };
	t.is(texts(await ask(search)).length, 2);
	t.is(texts(await ask({ ...search, unique: true })).length, 1);
	t.is(texts(await ask({ ...search, n: 1 })).length, 1);
});

test.serial('comms: opened by a front end, answered by a cell, listed, closed', async (t) => {
	const { client } = t.context;
	const heard: Incoming[] = [];
	client.onPublished = (message) => void (message.header.msg_type.startsWith('comm_') && heard.push(message));
	await client.execute(`import { comms } from 'assay';
		comms.register('echo', (comm, { data }) => {
			comm.send({ data: { opened: data } });
			comm.onMessage((message) => comm.send({ data: { echo: message.data }, metadata: { m: 1 } }));
			comm.onClose(() => console.log('closed'));
		});`);
	await client.request('comm_info_request', {});
	client.send('comm_open', { comm_id: 'c1', target_name: 'echo', data: { n: 1 } });
	client.send('comm_msg', { comm_id: 'c1', data: { n: 2 } });
	await until(() => heard.length === 2, 'two messages of the comm');
	t.deepEqual(
		heard.map(({ content }) => content),
		[
			{ comm_id: 'c1', data: { opened: { n: 1 } } },
			{ comm_id: 'c1', data: { echo: { n: 2 } } },
		],
	);
	t.deepEqual(heard[1]?.metadata, { m: 1 });
	const { content } = (await client.request('comm_info_request', { target_name: 'echo' })).reply;
	t.deepEqual(content.comms, { c1: { target_name: 'echo' } });
	client.send('comm_close', { comm_id: 'c1', data: {} });
	t.deepEqual((await client.request('comm_info_request', {})).reply.content.comms, {});

	client.send('comm_open', { comm_id: 'c2', target_name: 'nobody', data: {} });
	await until(() => heard.length === 3, 'the refusal');
	t.like(heard[2], { header: { msg_type: 'comm_close' }, content: { comm_id: 'c2' } });
	client.onPublished = () => {};
});

test.serial('a widget is answered, and a question too, while a cell waits', async (t) => {
	const { client } = t.context;
	await client.execute(`import { comms } from 'assay';
		let free = () => {};
		comms.register('free', (comm) => comm.onMessage(() => free()));`);
	client.send('comm_open', { comm_id: 'f', target_name: 'free', data: {} });
	await client.request('comm_info_request', {});
	const states: unknown[] = [];
	client.onPublished = ({ content }) => states.push(content.execution_state);
	const waiting = client.execute('await new Promise<void>((done) => { free = done }); "freed"');
	const { reply } = await client.request('complete_request', { code: 'Math.fl', cursor_pos: 7 });
	t.deepEqual(reply.content.matches, ['floor']);
	await until(() => states.filter(Boolean).length === 4, 'busy once more: the cell still runs');
	t.deepEqual(states.filter(Boolean), ['busy', 'busy', 'idle', 'busy']);
	client.send('comm_msg', { comm_id: 'f', data: {} });
	t.is(resultOf(await waiting), "'freed'");
	await client.request('comm_info_request', {});
	t.is(states.filter(Boolean).at(-1), 'idle');
	client.onPublished = () => {};
});

test.serial('what a listener throws is told, and the comm lives', async (t) => {
	const { client } = t.context;
	await client.execute(`import { comms } from 'assay';
		comms.register('bad', (comm) => comm.onMessage(() => { throw new Error('in a listener') }));`);
	client.send('comm_open', { comm_id: 'b', target_name: 'bad', data: {} });
	await client.request('comm_info_request', {});
	const heard: unknown[] = [];
	client.onPublished = ({ content }) => heard.push(content.text);
	client.send('comm_msg', { comm_id: 'b', data: {} });
	await until(() => heard.some((text) => /in a listener/.test(String(text))), 'the error');
	client.onPublished = () => {};
	t.pass();
});

test.serial('displays are updated by their id, and outputs cleared', async (t) => {
	const { client } = t.context;
	const answer = await client.execute(`import { clearOutput, newDisplay } from 'assay';
		console.log('before');
		const shown = newDisplay();
		shown.text('one');
		shown.text('two');
		clearOutput({ wait: true });`);
	t.deepEqual(types(answer), [
		'status',
		'execute_input',
		'stream',
		'display_data',
		'update_display_data',
		'clear_output',
		'status',
	]);
	const [, , , first, second, cleared] = answer.published;
	t.truthy((first?.content.transient as { display_id?: string }).display_id);
	t.deepEqual(first?.content.transient, second?.content.transient);
	t.deepEqual(cleared?.content, { wait: true });
});

test.serial('a cell asks for text and for secrets; a front end without input is an error', async (t) => {
	const { client } = t.context;
	const asked: unknown[] = [];
	client.onInput = (prompt, password) => {
		asked.push([prompt, password]);
		return password ? 'hush' : 'Ada 🧪';
	};
	const answer = await client.execute(`import { input } from 'assay';
		console.log(await input('Name? '));
		(await input('Key? ', { password: true })).length`);
	t.deepEqual(asked, [
		['Name? ', false],
		['Key? ', true],
	]);
	t.is(streamed(answer), 'Ada 🧪\n');
	t.is(resultOf(answer), '4');
	const refused = await client.execute('await input("Name? ")', { allow_stdin: false });
	t.like(refused.reply.content, {
		status: 'error',
		ename: 'UserError',
		evalue: 'this front end takes no input',
	});
});

test.serial('output of timers goes to the cell that set them, also while another runs', async (t) => {
	const { client } = t.context;
	const late: Incoming[] = [];
	client.onPublished = (message) => void (message.header.msg_type === 'stream' && late.push(message));
	const first = await client.execute('setTimeout(() => console.log("late"), 100); 0');
	const second = await client.execute(
		'console.log("own"); await new Promise((done) => setTimeout(done, 300))',
	);
	t.is(streamed(second), 'own\n');
	const [message] = late.filter(({ content }) => content.text === 'late\n');
	t.is(message?.parent.msg_id, first.reply.parent.msg_id);
	client.onPublished = () => {};
});

test.serial('there is no debugger, and it says so', async (t) => {
	const asked = { type: 'request', seq: 7, command: 'initialize', arguments: {} };
	const { content } = (await t.context.client.request('debug_request', asked, 'control')).reply;
	t.like(content, { type: 'response', request_seq: 7, success: false, command: 'initialize' });
});
