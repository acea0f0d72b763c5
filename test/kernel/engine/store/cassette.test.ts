import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { describeCassette, exportCassette, importCassette } from '../../../../kernel/engine/cassette.ts';
import { openStore, type Store } from '../../../../kernel/engine/store/store.ts';
import { UserError } from '../../../../stdlib/define.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { requestOf, scripted } from '../calls/scripted.ts';
import { callOf, newFolder, newPath } from './stores.ts';

const CALLS = [
	callOf('a'),
	callOf('b', { outcome: new Missing('refused', 'no', 'refusal'), usd: null }),
	callOf('long '.repeat(3000)),
	callOf('c', {
		kind: 'sample',
		model: { provider: 'scripted', model: 'other', revision: 'r1' },
	}),
];

function recorded(): Store {
	const store = openStore(newPath());
	for (const [key, call] of CALLS) store.putCall(key, call, 'step');
	store.putCall(...callOf('of another study'));
	return store;
}

function record(name: string): string {
	const store = recorded();
	const file = join(newFolder(), name);
	exportCassette(store, file, () => store.usedCalls(['step']));
	store.close();
	return file;
}

for (const name of ['study.cassette.jsonl', 'study.cassette.jsonl.gz']) {
	test(`${name} holds exactly the calls that were used, and gives them back as they were`, (t) => {
		const file = record(name);
		const store = openStore(':memory:', { cassettes: [file] });
		for (const [key, call] of CALLS) {
			t.deepEqual(store.getResult(key), call.outcome);
			t.deepEqual(store.getCall(key), call);
		}
		t.is(store.getResult(callOf('of another study')[0]), undefined);
		t.is(store.stats().calls, 0);
		t.like(describeCassette(file), { calls: 4 });
		t.is(describeCassette(file).models.length, 2);
		t.is(readFileSync(file)[0] === 0x1f, name.endsWith('.gz'));
	});
}

test('the same calls give the same bytes', (t) => {
	t.deepEqual(readFileSync(record('a.jsonl')), readFileSync(record('b.jsonl')));
});

test('a replay makes no call and needs no prepared provider', (t) => {
	const store = openStore(':memory:');
	const live = scripted({ store });
	live.provider.reply = () => ({ text: 'yes', finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 } });
	const outcome = live.caller.within('step').call(live.model, requestOf('q'));
	const file = join(newFolder(), 'c.jsonl');
	exportCassette(store, file, () => store.usedCalls(['step']));

	const replay = scripted({ store: openStore(':memory:', { cassettes: [file] }), mode: 'replay' });
	replay.provider.prepare = () => Promise.reject(new Error('no key'));
	t.deepEqual(replay.caller.call(replay.model, requestOf('q')), outcome);
	t.is(replay.provider.started, 0);
});

test("a replay can be exported again: the uses of a cassette's calls are recorded", (t) => {
	const file = record('a.jsonl');
	const store = openStore(newPath(), { cassettes: [file] });
	for (const [key] of CALLS) store.getResult(key, 'step');
	const copy = join(dirname(file), 'copy.jsonl');
	exportCassette(store, copy, () => store.usedCalls(['step']));
	t.deepEqual(readFileSync(copy), readFileSync(file));
	store.close();
});

test('an imported cassette is part of the store, and what the store has stays', (t) => {
	const file = record('a.jsonl');
	const store = openStore(newPath());
	const [key, call] = CALLS[0] as (typeof CALLS)[number];
	const own = { ...call, seconds: 99 };
	store.putCall(key, own);
	t.is(importCassette(store, file).calls, 3);
	t.deepEqual(store.getCall(key), own);
	t.is(store.stats().calls, 4);
	t.deepEqual(store.verify(), []);
	store.close();
});

const rejects = (
	t: import('ava').ExecutionContext,
	change: (text: string) => string,
	message: RegExp,
): void => {
	const file = record('a.jsonl');
	writeFileSync(file, change(readFileSync(file, 'utf8')));
	const error = t.throws(() => openStore(':memory:', { cassettes: [file] }), {
		instanceOf: UserError,
		message,
	});
	t.truthy((error as UserError).help);
};

test('a cassette that was cut short is refused', (t) => {
	rejects(t, (text) => text.slice(0, -100), /was cut short or changed/);
	rejects(t, (text) => text.slice(0, text.indexOf('\n') + 1), /was cut short or changed/);
});

test('a cassette with a changed answer is refused', (t) => {
	rejects(t, (text) => text.replace('answer to a', 'answer to b'), /was cut short or changed/);
});

test('a cassette of another version says which one this Assay reads', (t) => {
	rejects(
		t,
		(text) => text.replace('assay-cassette/1', 'assay-cassette/2'),
		/format assay-cassette\/2; this Assay reads assay-cassette\/1/,
	);
});

test('a file that is no cassette is refused', (t) => {
	rejects(t, () => 'hello\n', /is not a cassette/);
	rejects(t, () => '', /is not a cassette/);
});

test('a gzipped cassette that was cut short is refused', (t) => {
	const file = record('a.jsonl.gz');
	writeFileSync(file, readFileSync(file).subarray(0, -50));
	t.throws(() => openStore(':memory:', { cassettes: [file] }), {
		instanceOf: UserError,
		message: /cut short/,
	});
});

test('a cassette that is not there is said to be missing', (t) => {
	t.throws(() => openStore(':memory:', { cassettes: ['/nowhere.jsonl'] }), {
		instanceOf: UserError,
		message: /no cassette at \/nowhere\.jsonl/,
	});
});

test('an export that fails leaves no file', (t) => {
	const store = recorded();
	const file = join(newFolder(), 'c.jsonl');
	t.throws(() => exportCassette(store, file, () => ['0'.repeat(64)]), {
		instanceOf: UserError,
		message: /lacks the call/,
	});
	t.false(existsSync(file));
});
