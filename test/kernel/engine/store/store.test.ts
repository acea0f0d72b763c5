import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { openStore, type StepTrace } from '../../../../kernel/engine/store/store.ts';
import type { ModelResult } from '../../../../stdlib/models/provider.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { callOf, MODEL, newPath } from './stores.ts';

const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('calls are there at once, and after the store was opened again', (t) => {
	const path = newPath();
	const [key, call] = callOf('q');
	const store = openStore(path);
	t.is(store.getResult(key), undefined);
	store.putCall(key, call);
	t.deepEqual(store.getResult(key), call.outcome);
	t.deepEqual(store.getCall(key), call);
	store.close();
	const again = openStore(path);
	t.deepEqual(again.getResult(key), call.outcome);
	t.deepEqual(again.getCall(key), call);
	again.close();
});

test('another process sees a call when the turn that made it has ended', async (t) => {
	const path = newPath();
	const [key, call] = callOf('q');
	const store = openStore(path);
	const other = openStore(path, { readOnly: true });
	store.putCall(key, call);
	t.is(other.getResult(key), undefined);
	await turnEnd();
	const third = openStore(path, { readOnly: true });
	t.deepEqual(third.getResult(key), call.outcome);
});

const OUTCOMES: readonly (readonly [
	kind: 'sample' | 'choose' | 'logprob' | 'embed',
	outcome: ModelResult | Missing,
])[] = [
	[
		'sample',
		{ text: 'ü "quoted" \ud800 🙂\n', finish: 'length', usage: { inputTokens: 1, outputTokens: 2 } },
	],
	['sample', { text: 'long '.repeat(5000), finish: 'stop', usage: { inputTokens: 1, outputTokens: 5000 } }],
	[
		'choose',
		{
			logprobs: [-0.1, Number.NEGATIVE_INFINITY, -1e-300],
			tokens: [1, 2, 3],
			outside: null,
			usage: { inputTokens: 7, outputTokens: 0 },
		},
	],
	[
		'choose',
		{
			logprobs: [-0.1, -2],
			tokens: [1, 2],
			unconditionalLogprobs: [Number.NEGATIVE_INFINITY, -0.7],
			outside: 0.1 + 0.2,
			usage: { inputTokens: 7, outputTokens: 0 },
		},
	],
	['logprob', { logprob: Number.NEGATIVE_INFINITY, tokens: 4, usage: { inputTokens: 7, outputTokens: 0 } }],
	['embed', { vector: [1 / 3, 0, -1e-310], usage: { inputTokens: 7, outputTokens: 0 } }],
	['sample', new Missing('refused', 'I cannot help with that', 'refusal')],
];

test('every kind of outcome comes back as it was, to the last bit', (t) => {
	const path = newPath();
	const calls = OUTCOMES.map(([kind, outcome], i) => callOf(`q${i}`, { kind, outcome }));
	const store = openStore(path);
	for (const [key, call] of calls) store.putCall(key, call);
	store.close();
	const again = openStore(path);
	for (const [key, call] of calls) {
		const outcome = again.getResult(key);
		t.deepEqual(outcome, call.outcome);
		t.is(outcome instanceof Missing, call.outcome instanceof Missing);
	}
	again.close();
});

test('calls are found before and after they go into the index, also by those who had the store open', (t) => {
	const path = newPath();
	const reader = openStore(path);
	const store = openStore(path);
	const keys: string[] = [];
	for (let i = 0; i < 60_000; i++) {
		const [key, call] = callOf(`q${i}`);
		store.putCall(key, call);
		keys.push(key);
	}
	store.flush();
	t.true(keys.every((key) => store.getResult(key) !== undefined));
	store.close();
	reader.putCall(...callOf('mine'));
	reader.flush();
	t.true(keys.every((key) => reader.getResult(key) !== undefined));
	reader.close();
	const again = openStore(path);
	t.is(again.stats().calls, 60_001);
	t.deepEqual(again.verify(), []);
	again.close();
});

test('the calls that scopes used are listed once each, in the order of their keys', (t) => {
	const path = newPath();
	const store = openStore(path);
	const calls = ['a', 'b', 'c', 'd'].map((q) => callOf(q));
	for (const [key, call] of calls) store.putCall(key, call, 'fresh');
	store.flush();
	const keys = calls.map(([key]) => key);
	store.getResult(keys[0] as string, 'cached');
	store.getResult(keys[0] as string, 'cached');
	store.useCall('cached', keys[2] as string);
	t.deepEqual([...store.usedCalls(['fresh'])], keys.slice().sort());
	t.deepEqual([...store.usedCalls(['cached'])], [keys[0], keys[2]].sort());
	t.deepEqual([...store.usedCalls(['cached', 'fresh', 'unknown'])], keys.slice().sort());
	store.close();
	const again = openStore(path, { readOnly: true });
	t.deepEqual([...again.usedCalls(['cached'])], [keys[0], keys[2]].sort());
	again.close();
});

test('a step comes back with its meta and its chunks, and a new result replaces the old one', (t) => {
	const store = openStore(newPath());
	t.is(store.getStep('k'), undefined);
	store.writeStep('k', { type: 'Number', rows: 3 }, [
		Uint8Array.of(1, 2),
		new Uint8Array(0),
		Uint8Array.of(3),
	]);
	t.deepEqual(store.getStep('k'), { meta: { type: 'Number', rows: 3 }, chunks: 3 });
	t.deepEqual(
		[0, 1, 2].map((i) => [...store.readChunk('k', i)]),
		[[1, 2], [], [3]],
	);
	store.writeStep('k', null, [Uint8Array.of(9)]);
	t.deepEqual(store.getStep('k'), { meta: null, chunks: 1 });
	t.deepEqual([...store.readChunk('k', 0)], [9]);
	t.throws(() => store.readChunk('k', 1));
	t.deepEqual(store.verify(), []);
	store.close();
});

test('a step whose chunks fail to be made leaves what was there', (t) => {
	const store = openStore(newPath());
	store.writeStep('k', 'old', [Uint8Array.of(1)]);
	const chunks = function* (): Generator<Uint8Array> {
		yield Uint8Array.of(2);
		throw new Error('row 7');
	};
	t.throws(() => store.writeStep('k', 'new', chunks()), { message: 'row 7' });
	t.deepEqual(store.getStep('k'), { meta: 'old', chunks: 1 });
	t.is(store.stats().steps, 1);
	store.close();
});

test('making a chunk may use the store', (t) => {
	const store = openStore(newPath());
	const chunks = function* (): Generator<Uint8Array> {
		for (let i = 0; i < 5000; i++) {
			store.putCall(...callOf(`q${i}`));
			yield new Uint8Array(8000);
		}
	};
	store.writeStep('k', null, chunks());
	t.is(store.stats().calls, 5000);
	t.is(store.getStep('k')?.chunks, 5000);
	store.close();
});

const traceOf = (step: string, key: string): StepTrace => ({
	step,
	key,
	bodyHash: 'b',
	versions: { mean: '1' },
	inputs: { x: 'k0' },
	fingerprints: {},
	status: 'done',
	failed: 0,
});

test('the last trace of a program is the latest of each of its steps', (t) => {
	const store = openStore(newPath());
	store.recordTrace('a.assay', traceOf('rows', 'k1'));
	store.recordTrace('a.assay', traceOf('table', 'k2'));
	store.recordTrace('a.assay', traceOf('table', 'k3'));
	store.recordTrace('b.assay', traceOf('table', 'k4'));
	t.deepEqual(
		[...store.lastTrace('a.assay')].map(([step, trace]) => [step, trace.key]),
		[
			['rows', 'k1'],
			['table', 'k3'],
		],
	);
	t.deepEqual(store.lastTrace('a.assay').get('rows'), traceOf('rows', 'k1'));
	store.close();
});

test('runs and their events are listed, the latest run first, whatever the clock says', (t) => {
	const store = openStore(newPath());
	const realNow = Date.now;
	const first = store.beginRun({ program: 'a.assay', title: 'A', details: { seed: 1 } });
	store.appendEvent(first, { type: 'notice', message: 'one' });
	store.appendEvent(first, { type: 'notice', message: 'two' });
	store.endRun(first, 'partial', { rows: 3 });
	Date.now = () => 0;
	let second = '';
	try {
		second = store.beginRun({ program: 'a.assay', title: 'A' });
	} finally {
		Date.now = realNow;
	}
	t.deepEqual(
		store.runs().map((run) => run.id),
		[second, first],
	);
	t.like(store.runs()[1], {
		outcome: 'partial',
		summary: { rows: 3 },
		details: { seed: 1 },
		program: 'a.assay',
	});
	t.like(store.runs()[0], { outcome: null, endedAt: null });
	t.deepEqual(
		[...store.events(first)],
		[
			{ type: 'notice', message: 'one' },
			{ type: 'notice', message: 'two' },
		],
	);
	store.close();
});

test('artefacts are files named by their hash', (t) => {
	const path = newPath();
	const store = openStore(path);
	const sha256 = store.putArtefact(Buffer.from('weights'));
	// printf weights | sha256sum
	t.is(sha256, '9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c');
	t.is(store.putArtefact(Buffer.from('weights')), sha256);
	t.deepEqual(
		store.getArtefact(sha256),
		readFileSync(join(dirname(path), 'artefacts', sha256.slice(0, 2), sha256.slice(2))),
	);
	t.is(store.getArtefact('0'.repeat(64)), undefined);
	t.deepEqual(store.stats().artefacts, { count: 1, bytes: 7 });
	store.close();
});

test('gc drops steps that no last run used and artefacts that no step names, and keeps every call', (t) => {
	const store = openStore(newPath());
	const weights = store.putArtefact(Buffer.from('weights'));
	store.putArtefact(Buffer.from('forgotten'));
	store.writeStep('old', null, [new Uint8Array(100)]);
	store.writeStep('new', { weights }, [Uint8Array.of(1)]);
	store.recordTrace('a.assay', traceOf('table', 'old'));
	store.recordTrace('a.assay', traceOf('table', 'new'));
	store.putCall(...callOf('q'));
	t.deepEqual(store.gc(), { steps: 1, artefacts: 1, bytes: 109 });
	t.is(store.getStep('old'), undefined);
	t.truthy(store.getStep('new'));
	t.truthy(store.getArtefact(weights));
	t.is(store.stats().calls, 1);
	store.close();
});

test('gc gives the room back to the disk', (t) => {
	const store = openStore(newPath());
	store.writeStep('old', null, [new Uint8Array(3_000_000)]);
	const before = store.stats().bytes;
	store.gc();
	t.true(store.stats().bytes < before - 3_000_000);
	store.close();
});

test('stats tell calls and money by model', (t) => {
	const store = openStore(newPath());
	store.putCall(...callOf('a'));
	store.putCall(...callOf('b'));
	store.putCall(...callOf('a', { model: { provider: 'scripted', model: 'other' }, usd: null }));
	t.deepEqual(store.stats().models, [
		{ model: { model: 'other', provider: 'scripted' }, calls: 1, usd: 0 },
		{ model: MODEL, calls: 2, usd: 0.5 },
	]);
	store.close();
});

test('a store whose folder is lost is made anew', (t) => {
	const path = newPath();
	openStore(path).close();
	rmSync(dirname(path), { recursive: true });
	const store = openStore(path);
	store.putCall(...callOf('q'));
	store.close();
	t.is(openStore(path, { readOnly: true }).stats().calls, 1);
});

test('verify names a call that was changed, an artefact that was changed, and nothing else', (t) => {
	const path = newPath();
	const store = openStore(path);
	const [key, call] = callOf('q');
	store.putCall(key, { ...call, request: call.request.replace('"q"', '"r"') });
	store.putCall(...callOf('s'));
	const sha256 = store.putArtefact(Buffer.from('weights'));
	writeFileSync(join(dirname(path), 'artefacts', sha256.slice(0, 2), sha256.slice(2)), 'other');
	const problems = store.verify();
	t.is(problems.length, 2);
	t.regex(problems[0] ?? '', new RegExp(`call ${key} does not fit its key`));
	t.regex(problems[1] ?? '', /artefact .* is not what its name says/);
	store.close();
});

test('a secret of the environment is in no file of the store', (t) => {
	const path = newPath();
	const secret = 'sk-planted-0123456789';
	const store = openStore(path, { env: { OPENAI_API_KEY: secret } });
	store.putCall(
		...callOf(`my key is ${secret}`, {
			outcome: { text: `you said ${secret}`, finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 } },
		}),
	);
	const run = store.beginRun({ program: 'p', title: secret, details: { secret } });
	store.appendEvent(run, { type: 'notice', message: secret });
	store.recordTrace('p', { ...traceOf('a', 'k'), versions: { [secret]: secret } });
	store.writeStep('k', { secret }, [Buffer.from(`xx ${secret} yy`)]);
	store.endRun(run, 'failed', { message: secret });
	store.close();
	t.false(readFileSync(path).includes('planted'));
	const again = openStore(path);
	t.is(again.readChunk('k', 0).length, `xx ${secret} yy`.length);
	t.deepEqual(again.verify(), []);
	again.close();
});
