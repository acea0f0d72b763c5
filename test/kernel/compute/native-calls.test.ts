import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { nativeCallFlags, stopNativeCalls } from '../../../kernel/compute/index.ts';

const COMPUTE = new URL('../../../kernel/compute/index.ts', import.meta.url).href;

/** Computes products on ONNX Runtime for ever. */
const ENDLESS = `
	const { parentPort, workerData } = require('node:worker_threads');
	(async () => {
		const { announceNativeCalls, openCompute } = await import('${COMPUTE}');
		announceNativeCalls(workerData);
		const { tf } = await openCompute({ device: 'onnx' });
		const a = tf.ones([700, 700]);
		for (let step = 0; ; step++) {
			const sum = tf.tidy(() => tf.sum(tf.tanh(tf.matMul(tf.tanh(tf.matMul(a, a)), a))));
			await sum.data();
			sum.dispose();
			if (step === 3) parentPort.postMessage('in the middle');
		}
	})();`;

test('a thread that computes can be ended at any time, and the process lives', async (t) => {
	for (let round = 0; round < 4; round++) {
		const flags = nativeCallFlags();
		const worker = new Worker(ENDLESS, { eval: true, workerData: flags });
		await once(worker, 'message');
		await sleep(17 * round);
		await stopNativeCalls(flags);
		t.is(await worker.terminate(), 1);
	}
});
