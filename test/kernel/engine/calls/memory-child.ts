/**
 * 20,000 calls of 2.6 kB at 20 in flight; says the most memory the process has had, and how much more is in use at their
 * end than after the first quarter, in megabytes.
 */
import { readFileSync } from 'node:fs';
import { createCaller } from '../../../../kernel/engine/calls/caller.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { ModelHandle } from '../../../../stdlib/values/model.ts';
import { newPath } from '../store/stores.ts';
import { answerOf, NO_LIMITS, requestOf, ScriptedProvider } from './scripted.ts';

const provider = new ScriptedProvider({ limits: { concurrency: { start: 20, max: 20 } } });
provider.reply = (_, call) =>
	new Promise((resolve) => setImmediate(() => resolve(answerOf(`${call} `.repeat(200)))));
const store = openStore(newPath());
const model = new ModelHandle(provider);
const caller = createCaller({
	store,
	budget: NO_LIMITS,
	onEvent: () => {},
	signal: new AbortController().signal,
}).within('step');

let next = 0;
async function makeUpTo(calls: number): Promise<void> {
	const worker = async (): Promise<void> => {
		while (next < calls) await caller.call(model, requestOf(`question ${next++} ${'x'.repeat(1000)}`));
	};
	await Promise.all(Array.from({ length: 20 }, worker));
}

await makeUpTo(5_000);
const early = inUse();
await makeUpTo(20_000);
const peak = Math.round(peakKilobytes() / 1000);
const growth = (inUse() - early) / 1e6;
store.close();
console.log(JSON.stringify({ peak, growth }));

function inUse(): number {
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** On Linux `maxRSS` begins with what the process had that this one was forked from; the kernel's own mark does not. */
function peakKilobytes(): number {
	if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
	return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
