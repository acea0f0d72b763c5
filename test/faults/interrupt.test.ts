import test from 'ava';
import { serveStudy } from '../helpers/served-study.ts';

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	test(`${signal} ends a run at once, keeps every finished call and says how to go on`, async (t) => {
		const { start, run, server } = await serveStudy(t, { rows: 400, latencyMs: 20 });
		const running = start();
		while (server.answered < 60) await new Promise((resolve) => setTimeout(resolve, 5));
		const at = performance.now();
		running.process.kill(signal);
		const { code, err } = await running.finished;
		t.true(performance.now() - at < 3000);
		t.is(code, 130);
		t.regex(err, /interrupted after/);
		t.regex(err, /Next: `assay run study\.assay` again: it goes on from here/);
		const { arrived } = server;
		t.true(arrived < 400);
		const again = await run();
		t.is(again.code, 0);
		t.regex(again.out, /1\.000? .*400/);
		// What was in flight was given up, at most as many as may be at once.
		t.true(server.arrived - 400 <= 16, `${server.arrived} requests in both runs`);
	});
}

test('a second Ctrl-C ends the process although the first is still being seen to', async (t) => {
	const { start, server } = await serveStudy(t, { rows: 400, otherwise: { do: 'hang' } });
	const running = start();
	while (server.arrived < 16) await new Promise((resolve) => setTimeout(resolve, 5));
	running.process.kill('SIGINT');
	running.process.kill('SIGINT');
	t.is((await running.finished).code, 130);
});

test('a run that is interrupted while all calls hang ends all the same', async (t) => {
	const { start, server } = await serveStudy(t, { rows: 400, otherwise: { do: 'hang' } });
	const running = start();
	while (server.arrived < 16) await new Promise((resolve) => setTimeout(resolve, 5));
	const at = performance.now();
	running.process.kill('SIGINT');
	t.is((await running.finished).code, 130);
	t.true(performance.now() - at < 3000);
});
