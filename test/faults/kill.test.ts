import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { randomStream } from '../../stdlib/random.ts';
import { assay, startAssay, studyFolder } from '../helpers/assay.ts';
import { type Served, startCountingServer } from '../helpers/counting-server.ts';
import { resultsIn } from '../helpers/results.ts';

const KILLS = 30;
const CONCURRENCY = 16;

/** An answer written this shortly before the kill may not have been read by the process that was killed. */
const IN_FLIGHT_MS = 100;

/** A new process needs longer than this until its first request, so that an earlier one is of the process that was killed. */
const LINGERS_MS = 100;

const wasInFlight = ({ arrivedAt, writtenAt }: Served, killedAt: number): boolean =>
	arrivedAt < killedAt + LINGERS_MS && (writtenAt === null || writtenAt > killedAt - IN_FLIGHT_MS);

const study = (url: string): string => `
study "Killed again and again" { seed: 7 }
model m = openai("counting", base_url: "${url}", concurrency: ${CONCURRENCY})
prompt p(i: Number) { user "Question {i}: which of A, B, C and D is it?" }
eval answers {
  for i in 1..2500
  thought = m.sample(p(i), temperature: 1, max_tokens: 8)
  choice = m.choose(p(i) + assistant "{thought}", options: ["A", "B", "C", "D"])
  right = choice.best == "A"
}
table t = from answers { rate = mean(right) ± bootstrap(200)  prob = mean(choice["A"]) }
`;

test('a run that is killed thirty times ends with the same results, and no finished call is paid twice', async (t) => {
	const server = await startCountingServer([5, 45]);
	t.teardown(() => server.close());
	const folder = studyFolder({ 'study.assay': study(server.url) });
	t.teardown(folder.remove);
	const path = join(folder.path, 'study.assay');
	const stores = { killed: join(folder.path, 'killed.db'), whole: join(folder.path, 'whole.db') };
	const random = randomStream(0, 'instants of kills');
	const killedAt: number[] = [];
	for (let kill = 0; kill < KILLS; kill++) {
		const running = startAssay(['run', path, '--store', stores.killed]);
		// Half of them at any instant, starting up included, and half while calls are certainly on their way.
		if (kill % 2 === 0) await sleep(random.next() * 700);
		else await Promise.all([server.nextRequest(), sleep(random.next() * 100)]);
		await sleep(random.next() * 250);
		const at = performance.now();
		running.process.kill('SIGKILL');
		const { signal, err } = await running.finished;
		t.is(signal, 'SIGKILL', `the run ended by itself: ${err}`);
		killedAt.push(at);
	}
	const last = await assay(['run', path, '--store', stores.killed]);
	t.is(last.code, 0, last.err);
	const again = await assay(['run', path, '--store', stores.killed]);
	t.is(again.code, 0, again.err);

	const repeated = [...server.served.values()].flatMap((entries) => entries.slice(0, -1));
	const paidTwice = repeated.filter((entry) => !killedAt.some((at) => wasInFlight(entry, at)));
	t.deepEqual(paidTwice, []);
	t.log(`${server.served.size} calls, ${repeated.length} of them again, since a kill came in between`);
	t.true(repeated.length <= KILLS * CONCURRENCY);
	t.is(server.served.size, 5000);

	const whole = await assay(['run', path, '--store', stores.whole]);
	t.is(whole.code, 0, whole.err);
	t.is(whole.out, last.out);
	const source = { path, text: study(server.url) };
	t.deepEqual(await resultsIn(stores.killed, source), await resultsIn(stores.whole, source));
});
