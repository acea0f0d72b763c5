import test from 'ava';
import { ONE_SAMPLE, questionOf, serveStudy } from '../helpers/served-study.ts';

const ONE_CHOICE = `
eval a {
  for i in 1..n
  choice = m.choose(p(i), options: ["A", "B"])
  right = choice.best == "A"
}
table t = from a { rate = mean(right) }
`;

test('a model that answers with nothing but empty texts is told of, and its answers are kept', async (t) => {
	const { run, server } = await serveStudy(t, { otherwise: { do: 'answer', text: '' } });
	const { code, err } = await run();
	t.is(code, 0);
	t.regex(err, /note: all 6 answers of scripted were empty/);
	t.regex(err, /6 made, 6 empty/);
	await run();
	t.is(server.arrived, 6);
});

test('one empty text among others is counted, and no alarm is raised', async (t) => {
	const { run } = await serveStudy(t, {
		script: (request) => ({ do: 'answer', text: questionOf(request) === 3 ? '' : 'fine' }),
	});
	const { code, err } = await run();
	t.is(code, 0);
	t.regex(err, /6 made, 1 empty/);
	t.notRegex(err, /note:/);
});

test('an answer without a choice is a failed row that says so', async (t) => {
	const { run } = await serveStudy(t, { otherwise: { do: 'empty' } });
	const { code, out, err } = await run(['--deadline', '3s']);
	t.is(code, 3);
	t.regex(out, /no value +0 +6/);
	t.regex(err, /calls +\d+ made, 6 failed/);
	// Also where the deadline finds one in its last attempt.
	t.regex(err, /✗ 6 rows of a\.text at study\.assay:\d+:\d+/);
	t.regex(err, /answered in another shape than the protocol's: choices: no\s+choice/);
});

test('a choice from a model that says no probabilities names another way', async (t) => {
	const { run } = await serveStudy(t, { body: ONE_CHOICE, otherwise: { do: 'answer', text: '' } });
	const { code, err } = await run();
	t.is(code, 3);
	t.regex(err, /no log-probabilities for scripted; use by:\s+sampling\(n: 20\)/);
});

test('refusals are missing, not wrong: the run is done, they are counted, and are not asked for again', async (t) => {
	const { run, server } = await serveStudy(t, {
		script: (request) => ({
			do: 'answer',
			text: 'fine',
			finish: questionOf(request) <= 2 ? 'refusal' : 'stop',
		}),
	});
	const { code, out, err } = await run();
	t.is(code, 0);
	t.regex(out, /rate +n +missing/);
	t.regex(out, /1\.00 \[[^\]]+\] +4 +2/);
	t.regex(err, /6 made, 2 refused/);
	await run();
	t.is(server.arrived, 6);
});

test('a model that answers with a sign-in page or with nothing at all fails its rows with that', async (t) => {
	const page = await serveStudy(t, { otherwise: { do: 'html' } });
	const hanging = await serveStudy(t, { otherwise: { do: 'hang' } });
	const [html, silence] = await Promise.all([
		page.run(['--deadline', '1s']),
		hanging.run(['--deadline', '1s']),
	]);
	t.is(html.code, 3);
	t.regex(html.err, /text\/html instead of JSON: Sign in to the\s+network/);
	t.is(silence.code, 3);
	t.regex(silence.err, /no answer within 1 s/);
});

test('a key that is not accepted is found out once and not with every row', async (t) => {
	const { run, server } = await serveStudy(t, {
		rows: 2000,
		otherwise: { do: 'status', status: 401, message: 'Incorrect API key provided' },
	});
	const { code, err } = await run();
	t.is(code, 3);
	t.regex(err, /✗ 2,000 rows of a\.text/);
	t.regex(err, /answered 401: Incorrect API key provided; OPENAI_API_KEY is\s+not set/);
	t.true(server.arrived <= 18, `${server.arrived} requests`);
});

test('one row that fails fails alone; the next run makes that one call', async (t) => {
	let mended = false;
	const { run, server } = await serveStudy(t, {
		script: (request) =>
			questionOf(request) === 3 && !mended
				? { do: 'status', status: 400, message: 'this prompt is too long' }
				: { do: 'answer', text: 'fine' },
	});
	const first = await run();
	t.is(first.code, 3);
	t.regex(first.out, /1\.00 \[[^\]]+\] +5 +1/);
	t.regex(
		first.err,
		/✗ 1 row of a\.text at study\.assay:\d+:\d+\n {2}127\.0\.0\.1:\d+ answered 400: this prompt is too long/,
	);
	mended = true;
	const second = await run();
	t.is(second.code, 0, second.err);
	t.regex(second.out, /1\.00 \[[^\]]+\] +6/);
	t.is(server.arrived, 7);
});

test('--fail-fast ends the run at the first row that fails, and what was answered is kept', async (t) => {
	let mended = false;
	const { run, server } = await serveStudy(t, {
		rows: 2000,
		script: (request) =>
			questionOf(request) === 40 && !mended ? { do: 'status', status: 400, message: 'no' } : { do: 'answer' },
	});
	const { code, err } = await run(['--fail-fast']);
	t.is(code, 3);
	t.regex(err, /stopped after a row has failed; the last: 127\.0\.0\.1:\d+ answered 400: no/);
	const { arrived } = server;
	t.true(arrived < 200, `${arrived} requests`);
	mended = true;
	t.is((await run()).code, 0);
	t.is(server.arrived, 2001, 'only the failed call was made again');
});

test('--max-failures lets that many rows fail', async (t) => {
	const { run } = await serveStudy(t, {
		script: (request) => (questionOf(request) <= 3 ? { do: 'status', status: 400 } : { do: 'answer' }),
	});
	const within = await run(['--max-failures', '3']);
	t.is(within.code, 3);
	t.regex(within.err, /done, but some rows failed/);
	const beyond = await run(['--max-failures', '2']);
	t.is(beyond.code, 3);
	t.regex(beyond.err, /stopped after 3 rows have failed/);
});

test('with --hedge a request that never comes back is sent again, and its row is answered', async (t) => {
	let hung = false;
	const { run } = await serveStudy(t, {
		rows: 60,
		script: (request) => {
			if (questionOf(request) !== 50 || hung) return { do: 'answer', text: 'fine' };
			hung = true;
			return { do: 'hang' };
		},
	});
	const { code, out, err } = await run(['--hedge', '--deadline', '60s']);
	t.is(code, 0, err);
	t.regex(out, /1\.00 \[[^\]]+\] +60/);
	t.regex(err, /\d+ made, \d+ of them hedged/);
});

test('a study without rows is done, says that it has none, and calls nobody', async (t) => {
	const { run, server } = await serveStudy(t, {
		rows: 0,
		body: `${ONE_SAMPLE}\ntable by_i = from a by i { rate = mean(right) }`,
	});
	const { code, out, err } = await run();
	t.is(code, 0, err);
	t.regex(out, /no value +0/);
	t.regex(out, /a has no rows/);
	t.is(server.arrived, 0);
	t.is((await run()).code, 0);
});
