import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { CallTable } from '../../kernel/engine/store/call-table.ts';
import { type CallKind, decodeOutcome } from '../../kernel/engine/store/outcome.ts';
import type { ChooseResult, SampleResult } from '../../stdlib/models/provider.ts';
import { randomStream } from '../../stdlib/random.ts';
import { assay, startAssay, studyFolder } from '../helpers/assay.ts';
import { answerTo, startCountingServer } from '../helpers/counting-server.ts';
import { resultsIn } from '../helpers/results.ts';

const KILLS = 30;
const CONCURRENCY = 16;

/** Calls of a store, each told by its answer: a text, or the log-probabilities of A, B, C and D. */
function keptIn(path: string): Set<string> {
	if (!existsSync(path)) return new Set();
	const db = new DatabaseSync(path, { readOnly: true });
	try {
		const made = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'calls'").get();
		if (!made) return new Set();
		return new Set(Array.from(new CallTable(db).records(), told));
	} finally {
		db.close();
	}
}

function told({ kind, outcome }: { readonly kind: CallKind; readonly outcome: string }): string {
	const result = decodeOutcome(kind, outcome) as SampleResult | ChooseResult;
	return 'text' in result ? result.text : result.logprobs.join();
}

/** The same of a request to the server. */
function toldOf(body: string): string {
	const { content, top_logprobs } = answerTo(body);
	if (!JSON.parse(body).logprobs) return content;
	return top_logprobs
		.toSorted((a, b) => a.token.localeCompare(b.token))
		.map(({ logprob }) => logprob)
		.join();
}

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
	/** When a call was first seen in the store. */
	const keptAt = new Map<string, number>();
	for (let kill = 0; kill < KILLS; kill++) {
		const running = startAssay(['run', path, '--store', stores.killed]);
		// Half of them at any instant, starting up included, and half while calls are certainly on their way.
		if (kill % 2 === 0) await sleep(random.next() * 700);
		else await Promise.all([server.nextRequest(), sleep(random.next() * 100)]);
		await sleep(random.next() * 250);
		running.process.kill('SIGKILL');
		const { signal, err } = await running.finished;
		t.is(signal, 'SIGKILL', `the run ended by itself: ${err}`);
		for (const call of keptIn(stores.killed)) if (!keptAt.has(call)) keptAt.set(call, performance.now());
	}
	const last = await assay(['run', path, '--store', stores.killed]);
	t.is(last.code, 0, last.err);
	const again = await assay(['run', path, '--store', stores.killed]);
	t.is(again.code, 0, again.err);

	const paidTwice = [...server.served].flatMap(([body, requests]) => {
		const at = keptAt.get(toldOf(body)) ?? Number.POSITIVE_INFINITY;
		return requests.filter(({ arrivedAt }) => arrivedAt > at).map(() => body);
	});
	t.deepEqual(paidTwice, []);
	const repeated = server.requests - server.served.size;
	t.log(`${server.served.size} calls, ${keptAt.size} kept by runs that were killed, ${repeated} made again`);
	t.true(keptAt.size > 100, 'the kills came after calls');
	// What was in flight, and what had come back in the turn of the event loop that was not to end.
	t.true(repeated <= KILLS * 2 * CONCURRENCY, `${repeated} made again`);
	const whole = keptIn(stores.killed);
	t.true([...server.served.keys()].every((body) => whole.has(toldOf(body))));
	t.is(server.served.size, 5000);

	const unbroken = await assay(['run', path, '--store', stores.whole]);
	t.is(unbroken.code, 0, unbroken.err);
	t.is(unbroken.out, last.out);
	const source = { path, text: study(server.url) };
	t.deepEqual(await resultsIn(stores.killed, source), await resultsIn(stores.whole, source));
});
