/** 20,000 calls at 20 in flight, answered by timers; says the most memory the process has had, in megabytes. */
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
const worker = async (): Promise<void> => {
	while (next < 20_000) await caller.call(model, requestOf(`question ${next++} ${'x'.repeat(1000)}`));
};
await Promise.all(Array.from({ length: 20 }, worker));
store.close();
console.log(Math.round(peakKilobytes() / 1000));

/** On Linux `maxRSS` begins with what the process had that this one was forked from; the kernel's own mark does not. */
function peakKilobytes(): number {
	if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
	return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
