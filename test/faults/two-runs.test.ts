import test from 'ava';
import { assay } from '../helpers/assay.ts';
import { serveStudy } from '../helpers/served-study.ts';

test('a second run of a study says that the first is at work, shares what is finished, and both end well', async (t) => {
	const { start, run, server, folder } = await serveStudy(t, { rows: 1500, latencyMs: 100 });
	const first = start();
	while (server.answered < 50) await new Promise((resolve) => setTimeout(resolve, 5));
	const second = await run();
	t.is(second.code, 0, second.err);
	t.regex(second.err, /another run of this study \(process \d+\) has been at work on this store since \d\d:/);
	const { code, err, out } = await first.finished;
	t.is(code, 0, err);
	t.notRegex(err, /another run/);
	t.is(second.out, out);
	t.true(server.arrived < 2 * 1500, `${server.arrived} requests for 1,500 calls`);
	const verified = await assay(['store', 'verify'], { cwd: folder });
	t.is(verified.code, 0, verified.err);
});

test('a run that was killed is not taken for one at work', async (t) => {
	const { start, run, server } = await serveStudy(t, { rows: 200, latencyMs: 20 });
	const running = start();
	while (server.answered < 20) await new Promise((resolve) => setTimeout(resolve, 5));
	running.process.kill('SIGKILL');
	await running.finished;
	const again = await run();
	t.is(again.code, 0);
	t.notRegex(again.err, /another run/);
});
