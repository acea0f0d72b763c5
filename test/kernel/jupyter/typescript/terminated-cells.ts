import { Worker } from 'node:worker_threads';
import { Notebook, plain } from './notebook.ts';

/**
 * Cells that block this thread are ended by another one, as the kernel's does it; each is followed by one that must run.
 * Started as a process of its own: the thread which is ended must be the main one.
 */
const CELLS: readonly string[] = [
	'let one = 1; while (true) {}',
	'one // 1',
	'let two = 2; await null; while (true) {}',
	'one + two // 3',
	'let three = 3; await Promise.resolve().then(() => { while (true) {} })',
	'three // 3',
	'setTimeout(() => { while (true) {} }, 3); await new Promise(() => {})',
	'one + 1 // 2',
	"/^(a+)+$/.test('a'.repeat(40) + 'b')",
	'one + 2 // 3',
	'try { while (true) {} } catch {} finally { one = 5 }',
	'one // 1',
];

const killer = new Worker(
	`const { parentPort } = require('node:worker_threads');
	const { Session } = require('node:inspector');
	parentPort.on('message', () => setTimeout(() => {
		const session = new Session();
		session.connectToMainThread();
		parentPort.postMessage('interrupt');
		session.post('Runtime.terminateExecution', () => {
			session.disconnect();
			parentPort.postMessage('terminated');
		});
	}, 400));`,
	{ eval: true },
);

const notebook = new Notebook();
let controller = new AbortController();
let terminated = (): void => {};
killer.on('message', (message) => {
	if (message === 'interrupt') controller.abort();
	else {
		notebook.engine.terminated();
		terminated();
	}
});

async function outcomeOf(code: string): Promise<string> {
	controller = new AbortController();
	if (!code.includes('//')) {
		const ended = new Promise<string>((done) => {
			terminated = () => done('ended');
		});
		killer.postMessage('end it');
		void notebook.run(code, controller.signal);
		return ended;
	}
	const { result } = await notebook.run(code, controller.signal);
	return result.status === 'ok' ? String(result.result?.data['text/plain']) : plain(result);
}

await notebook.value('0');
const told: string[] = [];
for (const code of CELLS) told.push(JSON.stringify({ code, outcome: await outcomeOf(code) }));
await notebook.close();
await killer.terminate();
process.stdout.write(`${told.join('\n')}\n`);
