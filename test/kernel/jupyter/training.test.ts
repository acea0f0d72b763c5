import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Request } from 'zeromq';
import type { KernelClient } from '../../../kernel/jupyter/client/kernel-client.ts';
import { endpoint } from '../../../kernel/jupyter/connection.ts';
import { resultOf, startKernel, until } from './helpers/kernel.ts';

/** A training whose every step takes seconds: in plain JavaScript, or in one native call. */
const study = (settings: string): string => `%%assay
study "Long steps" { seed: 1 }
data digits = mnist()
network logits(x: Image[28, 28, 1]) { x |> flatten |> dense(1000) |> dense(10) }
model net = classifier(logits)
train fit { model = net  on = digits.train |> take(1800)  evaluate = digits.test |> take(20)  batch = 600  ${settings} }`;

/** Runs the cell and waits until it shows that text. */
async function training(client: KernelClient, code: string, text: string) {
	let shown = '';
	client.onPublished = ({ content }) => {
		shown += JSON.stringify(content);
	};
	const answer = client.execute(code);
	await until(() => shown.includes(text), text);
	return { answer, shown: () => shown };
}

/** Milliseconds that the heartbeat takes. */
async function heartbeat(client: KernelClient): Promise<number> {
	const socket = new Request({ linger: 0 });
	socket.connect(endpoint(client.kernel.connection, 'hb'));
	const sent = performance.now();
	await socket.send('ping');
	await socket.receive();
	socket.close();
	return performance.now() - sent;
}

test.serial(
	'in the middle of a long step the kernel answers, an interrupt ends the training, and it goes on later',
	async (t) => {
		const { client, end } = await startKernel();
		t.teardown(end);
		const code = study('steps = 9  device = "cpu"  checkpoint_every = 1');
		const { answer, shown } = await training(client, code, 'fit  1/');
		await sleep(300);
		const beats = [await heartbeat(client), await heartbeat(client)];
		const asked = performance.now();
		// Answered by the thread that has the training's cell.
		await client.request('complete_request', { code: 'Mat', cursor_pos: 3 });
		const completed = performance.now() - asked;
		await client.interrupt();
		const { reply } = await answer;
		const ended = performance.now() - asked - completed;
		t.log(
			`heartbeat ${beats.map((ms) => ms.toFixed(0))} ms, completion ${completed.toFixed(0)} ms, interrupt ${ended.toFixed(0)} ms`,
		);
		t.is(reply.content.status, 'error');
		t.true(Math.max(...beats) < 1000);
		t.true(ended < 10_000);
		t.is(resultOf(await client.execute('1 + 1')), '2');
		// The cell ends at once; the run that it began, after its step.
		await until(() => shown().includes('interrupted in'), 'the end of the run');
		const resumed = await training(client, code, 'fit  ');
		t.regex(resumed.shown(), /fit {2}[2-9]\/9/, 'it goes on behind what was made');
		t.notRegex(resumed.shown(), /fit {2}1\/9/);
		await client.interrupt();
		t.is((await resumed.answer).reply.content.status, 'error');
	},
);

for (const device of ['cpu', 'onnx'])
	test.serial(`a kernel shuts down in the middle of a long step on ${device}`, async (t) => {
		const { client, end } = await startKernel();
		t.teardown(end);
		const code =
			device === 'cpu'
				? study('steps = 50  device = "cpu"')
				: study('steps = 50  device = "onnx"').replace(
						'dense(1000)',
						'dense(3000) |> dense(3000) |> dense(3000)',
					);
		const { answer } = await training(client, code, 'fit  1/');
		answer.catch(() => {});
		await sleep(500);
		const asked = performance.now();
		await client.shutdown();
		t.log(`${(performance.now() - asked).toFixed(0)} ms`);
		// The client ends by force what takes more than 10 seconds.
		t.is(await client.kernel.ended, 0);
	});
