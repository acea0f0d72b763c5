import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { KernelClient } from '../../../kernel/jupyter/client/kernel-client.ts';
import { kernelCommand } from '../../../kernel/jupyter/launch.ts';
import { startKernel } from './helpers/kernel.ts';

async function kernelWithoutEngine(t: ExecutionContext, how: 'never' | 'broken'): Promise<KernelClient> {
	const { argv, env } = kernelCommand(new URL('./helpers/kernel-without-engine.ts', import.meta.url));
	const { client, end } = await startKernel({ command: { argv: [...argv, how], env } });
	t.teardown(end);
	return client;
}

test('kernel_info, history and control are answered while the engine loads, and a waiting cell can be interrupted', async (t) => {
	const client = await kernelWithoutEngine(t, 'never');
	t.is((await client.request('kernel_info_request', {})).reply.content.implementation, 'assay');
	t.is((await client.request('history_request', {})).reply.content.status, 'ok');
	const waiting = client.execute('1 + 1');
	await sleep(100);
	await client.interrupt();
	t.is((await waiting).reply.content.ename, 'Interrupted');
	await client.shutdown();
	t.is(await client.kernel.ended, 0);
});

test('an engine that cannot be loaded is told in every cell', async (t) => {
	const client = await kernelWithoutEngine(t, 'broken');
	for (let count = 0; count < 2; count++)
		t.regex(String((await client.execute('1 + 1')).reply.content.evalue), /the engine is broken/);
	const { content } = (await client.request('complete_request', { code: 'a', cursor_pos: 1 })).reply;
	t.is(content.status, 'error');
	await client.shutdown();
	t.is(await client.kernel.ended, 0);
});
