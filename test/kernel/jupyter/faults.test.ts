import { randomBytes } from 'node:crypto';
import anyTest, { type TestFn } from 'ava';
import { Codec } from '../../../kernel/jupyter/wire/codec.ts';
import type { Incoming } from '../../../kernel/jupyter/wire/message.ts';
import { outgoing } from '../../../kernel/jupyter/wire/message.ts';
import { resultOf, startKernel, streamed, until } from './helpers/kernel.ts';

type Started = Awaited<ReturnType<typeof startKernel>>;

const test = anyTest as TestFn<Started>;
const kernel = startKernel();

test.beforeEach(async (t) => {
	t.context = await kernel;
});

test.afterEach.always('the kernel lives', async (t) => {
	t.is(resultOf(await t.context.client.execute('6 * 7')), '42');
});

test.after.always(async () => (await kernel).end());

const bytes = (text: string): Buffer => Buffer.from(text);

test.serial('messages that are malformed, replayed or badly signed are dropped', async (t) => {
	const { client } = t.context;
	const { connection } = client.kernel;
	const ours = new Codec(connection);
	const theirs = new Codec({ ...connection, key: 'another key' });
	const cell = (code: string) => outgoing('execute_request', { code, store_history: true });
	await client.execute('let harm = 0');
	const good = ours.encode([], cell('harm = 1'));
	const [delimiter, signature, header, parent, metadata] = good as [Buffer, Buffer, Buffer, Buffer, Buffer];
	const wrong: (() => Uint8Array[])[] = [
		() => [randomBytes(40)],
		() => [delimiter],
		() => [delimiter, signature],
		() => [delimiter, signature, header, parent, metadata],
		() => [delimiter, signature, header, parent, metadata, bytes('{"code":"harm = 2"}')],
		() => [delimiter, bytes(''), header, parent, metadata, bytes('{"code":"harm = 3"}')],
		() => theirs.encode([], cell('harm = 4')),
		() => ours.encode([], { ...cell(''), content: '{"code": "harm = 5"' }),
		() => ours.encode([], { ...cell(''), content: '[]' }),
		() => ours.encode([], { ...cell('harm = 6'), parent: 'null' }),
		() => ours.encode([], { ...cell('harm = 7'), metadata: '\u0000' }),
		() => ours.encode([], { ...cell('harm = 8'), type: '","msg_type":7,"x":"' }),
		() => Array.from({ length: 50 }, () => randomBytes(10)),
	];
	for (let count = 0; count < 200; count++)
		client.sendFrames(count % 3 === 0 ? 'control' : 'shell', wrong[count % wrong.length]?.() ?? []);
	t.is(resultOf(await client.execute('harm')), '0');

	const replayed = ours.encode([], cell('harm += 10'));
	for (let count = 0; count < 20; count++) client.sendFrames('shell', replayed);
	t.is(resultOf(await client.execute('harm')), '10', 'the first counts, its copies do not');
	t.regex(client.kernel.log, /dropped a message on (shell|control): the signature does not fit/);
});

test.serial('requests whose content is nonsense are answered', async (t) => {
	const { client } = t.context;
	t.is(
		(await client.request('execute_request', { code: 7, user_expressions: [] })).reply.content.status,
		'ok',
	);
	const complete = await client.request('complete_request', { code: null, cursor_pos: -5 });
	t.is(complete.reply.content.status, 'ok');
	t.is((await client.request('history_request', { hist_access_type: 9, n: 'x' })).reply.content.status, 'ok');
	client.send('no_such_request', {});
	client.send('comm_msg', { comm_id: 'nobody' });
	client.send('input_reply', { value: 'unasked' }, 'stdin');
});

/** All that is published while it runs, and some time after that. */
async function heard(
	{ client }: Started,
	code: string,
	says: RegExp,
): Promise<{ readonly text: string; readonly status: unknown; readonly messages: readonly Incoming[] }> {
	const messages: Incoming[] = [];
	client.onPublished = (message) => messages.push(message);
	const text = () => messages.map(({ content }) => `${content.text ?? ''}${content.evalue ?? ''}`).join('');
	const { reply } = await client.execute(code);
	await until(() => says.test(text()), `${says} in what ${code} shows`);
	client.onPublished = () => {};
	return { text: text(), status: reply.content.status, messages };
}

test.serial('an error that nothing catches is told where it was caused', async (t) => {
	const code = 'setTimeout(() => { throw new RangeError("in a timer") }, 20); 0';
	const { status, text, messages } = await heard(t.context, code, /in a timer/);
	t.is(status, 'ok');
	t.regex(text, /Uncaught error[\s\S]*RangeError[\s\S]*Cell \[\d+\], line 1/);
	const [input] = messages.filter(({ header }) => header.msg_type === 'execute_input');
	const told = messages.find(({ content }) => /in a timer/.test(String(content.text)));
	t.is(told?.parent.msg_id, input?.parent.msg_id);
});

test.serial('a rejection that nothing handles is told; one that is handled in time is not', async (t) => {
	const { text } = await heard(t.context, 'Promise.reject(new Error("left alone")); 0', /left alone/);
	t.regex(text, /Unhandled rejection/);
	const code = 'try { await Promise.reject(new Error("taken care of")) } catch {} console.log("done")';
	const handled = await heard(t.context, code, /done/);
	t.notRegex(handled.text, /taken care of/);
});

test.serial('thrown things that are no errors', async (t) => {
	const { client } = t.context;
	for (const [code, says] of [
		['throw "a string"', /a string/],
		['throw null', /null/],
		['throw { toString() { throw 1 }, get message() { throw 2 } }', /./],
		['setTimeout(() => { throw undefined })', /undefined/],
		['Promise.reject(undefined); 0', /undefined/],
		['process.nextTick(() => { throw "in a tick" })', /in a tick/],
		['queueMicrotask(() => { throw new Error("in a microtask") })', /in a microtask/],
	] as const) {
		await heard(t.context, code, says);
		t.is(resultOf(await client.execute('1 + 1')), '2', code);
	}
});

test.serial('process.exit, abort and their like do not end the kernel', async (t) => {
	const { client } = t.context;
	for (const code of ['process.exit()', 'process.exit(3)', 'process.abort()']) {
		const { reply } = await client.execute(code);
		t.regex(String(reply.content.evalue), /would end the kernel/, code);
	}
	await heard(t.context, 'setTimeout(() => process.exit(1)); 0', /would end the kernel/);
});

test.serial('what a program writes past console is shown in the cell', async (t) => {
	const { client } = t.context;
	const answer = await client.execute(
		'process.stdout.write(Buffer.from("bytes ")); process.stderr.write("err", () => process.stdout.write("called"))',
	);
	await client.execute('1');
	t.regex(streamed(answer), /^bytes /);
	t.is(streamed(answer, 'stderr'), 'err');
});

test.serial('values that are hard to show', async (t) => {
	const { client } = t.context;
	for (const code of [
		'const cyclic: Record<string, unknown> = {}; cyclic.self = cyclic; cyclic',
		'({ get bad() { throw new Error("getter") } })',
		'new Proxy({}, { ownKeys() { throw 2 } })',
		'1n << 100n',
		'Object.create(null)',
	])
		t.is((await client.execute(code)).reply.content.status, 'ok', code);
});

test.serial('a text of 100 MB is cut, and that is said', async (t) => {
	const { client } = t.context;
	const shown = await client.execute('"x".repeat(100_000_000)');
	t.is(shown.reply.content.status, 'ok');
	t.true((resultOf(shown) ?? '').length < 2_000_000);
	const printed = await client.execute('console.log("y".repeat(100_000_000) + "end")');
	t.true(streamed(printed).length < 4_000_000);
	t.true(streamed(printed).endsWith('yend\n'));
	t.regex(streamed(printed, 'stderr'), /characters\) left out here/);
});

test.serial(
	'of a million lines the first and the last are shown, the others counted, in few messages',
	async (t) => {
		const { client } = t.context;
		const answer = await client.execute(
			'for (let line = 1; line <= 1_000_000; line++) console.log("line " + line)',
		);
		const text = streamed(answer);
		t.true(text.startsWith('line 1\nline 2\n'));
		t.true(text.endsWith('line 999999\nline 1000000\n'));
		const said = /([\d,]+) lines/.exec(streamed(answer, 'stderr'))?.[1]?.replaceAll(',', '');
		t.is(text.trimEnd().split('\n').length + Number(said), 1_000_000, 'none is uncounted');
		t.true(answer.published.length < 500, `${answer.published.length} messages`);
	},
);

test.serial('output of two streams keeps its order', async (t) => {
	const answer = await t.context.client.execute(
		'for (let i = 0; i < 10; i++) (i % 2 ? console.error : console.log)(i)',
	);
	const texts = answer.published.filter(({ header }) => header.msg_type === 'stream');
	t.is(texts.map(({ content }) => content.text).join(''), '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
});

test.serial('a display that is no JSON is an error of the cell that shows it', async (t) => {
	const { client } = t.context;
	const { reply } = await client.execute(
		"import { display } from 'assay'; display.raw('application/json', { big: 1n })",
	);
	t.is(reply.content.status, 'error');
	t.regex(String(reply.content.evalue), /BigInt/);
});
