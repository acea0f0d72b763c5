/**
 * What the fault tests run in processes of their own: `node store-child.ts <job> <store> [argument]`. Each job says on
 * stdout what it has done, a line at a time.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../kernel/engine/store/store.ts';
import { callOf } from '../kernel/engine/store/stores.ts';

const [job, path = '', argument = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const jobs: Record<string, () => void | Promise<void>> = {
	/** Puts calls for ever, a few a turn; a key is said once its turn has ended. */
	async 'put-for-ever'() {
		const store = openStore(path);
		say('open');
		for (let i = 0; ; i++) {
			const keys: string[] = [];
			for (let j = 0; j < 1 + (i % 7); j++) {
				const [key, call] = callOf(`${argument} ${i} ${j}`);
				store.putCall(key, call, 'step');
				keys.push(key);
			}
			// Commits are up to 5 ms apart.
			await sleep(6);
			say(keys.join(' '));
		}
	},
	/** Puts a number of calls, each in its own turn, beside others who do the same. */
	async 'put-some'() {
		const store = openStore(path);
		for (let i = 0; i < 300; i++) {
			store.putCall(...callOf(`${argument} ${i}`), 'step');
			if (i % 50 === 0) store.writeStep(`${argument} ${i}`, { i }, [new Uint8Array(100_000)]);
			await turnEnd();
		}
		store.close();
		say('done');
	},
	/** Ends the process in the turn that put a call. */
	'exit-at-once'() {
		openStore(path).putCall(...callOf(argument));
		process.exit(0);
	},
	/** As somebody who may not write there. */
	'write-as-nobody'() {
		process.setgid?.(65534);
		process.setuid?.(65534);
		try {
			const store = openStore(path);
			store.putCall(...callOf('new'));
			store.flush();
			say('written');
		} catch (error) {
			const { name, message, help } = error as Error & { help?: string };
			say(JSON.stringify({ name, message, help }));
		}
		process.kill(process.pid, 'SIGKILL');
	},
};

await jobs[job ?? '']?.();
