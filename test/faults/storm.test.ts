import test from 'ava';
import type { Behaviour } from '../helpers/fault-server.ts';
import { questionOf, serveStudy, writeBeside } from '../helpers/served-study.ts';

test('a storm of rate limits at fifty calls at once slows the run down and fails no row', async (t) => {
	let storm = 0;
	const { run, server } = await serveStudy(t, {
		rows: 300,
		concurrency: 50,
		latencyMs: 10,
		script: (request) => {
			if (request.index < 50 || storm++ % 10 === 0)
				return { do: 'status', status: 429, headers: { 'retry-after-ms': '50' }, message: 'slow down' };
			return { do: 'answer' };
		},
	});
	const { code, out, err } = await run();
	t.is(code, 0, err);
	t.regex(out, /1\.00.* 300/);
	t.true(server.maxInFlight <= 50);
	t.true(server.arrived < 500, `${server.arrived} requests`);
});

test('a server that only ever says 429 ends in failed rows that say so', async (t) => {
	const { run } = await serveStudy(t, {
		rows: 20,
		otherwise: { do: 'status', status: 429, message: 'quota of the day is used up' },
	});
	const { code, err } = await run(['--deadline', '2s']);
	t.is(code, 3);
	t.regex(err, /✗ 20 rows of a\.text/);
	t.regex(err, /answered 429: quota of the day is used up \(\d+ attempts\)/);
});

test('connections that are cut, stalled bodies, 500s and broken JSON are tried again until every row has its answer', async (t) => {
	const faults: readonly Behaviour[] = [
		{ do: 'cut' },
		{ do: 'status', status: 500 },
		{ do: 'malformed' },
		{ do: 'status', status: 503, headers: { 'retry-after-ms': '20' } },
		{ do: 'empty' },
	];
	const met = new Set<number>();
	const { run, server } = await serveStudy(t, {
		rows: 60,
		script: (request) => {
			const question = questionOf(request);
			if (met.has(question)) return { do: 'answer' };
			met.add(question);
			return faults[question % 8] ?? { do: 'answer' };
		},
	});
	const { code, out, err } = await run();
	t.is(code, 0, err);
	t.regex(out, /1\.00.* 60/);
	t.true(server.arrived > 60 && server.arrived <= 120, `${server.arrived} requests`);
});

test('a run whose every call is kept sends nothing, also when only a scorer has changed', async (t) => {
	const served = await serveStudy(t, { rows: 50 });
	t.is((await served.run()).code, 0);
	t.is(served.server.arrived, 50);
	await served.server.close();
	const again = await served.run();
	t.is(again.code, 0, again.err);
	t.regex(again.out, /1\.00.* 50/);
	t.regex(again.err, /calls +none made, none needed/);
	writeBeside(served, 'study.assay', served.text.replace('text == "fine"', 'text == "bad"'));
	const rescored = await served.run();
	t.is(rescored.code, 0, rescored.err);
	t.regex(rescored.out, /0\.00.* 50/);
	// The answers are a kept step, so that not even the calls are looked up.
	t.regex(rescored.err, /steps +\d+ run, \d+ kept\n +calls +none made, none needed/);
	t.is(served.server.arrived, 50);
});
