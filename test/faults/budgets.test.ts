import test from 'ava';
import { serveStudy, writeBeside } from '../helpers/served-study.ts';

/** 10 tokens in and up to 8 out for each call, at a price that makes sums easy. */
const PRICES = JSON.stringify({
	asOf: '2026-01-01',
	models: [{ provider: 'openai', model: 'scripted', input: 1000, output: 10_000 }],
});
const usage = { input: 10, output: 8 };
const WIDE = { rows: 1000, concurrency: 50, latencyMs: 15 };

test('no more calls than the budget are made, and the tables are of what there is', async (t) => {
	const { run, server } = await serveStudy(t, { ...WIDE, otherwise: { do: 'answer', usage } });
	const { code, out, err } = await run(['--calls', '120']);
	t.is(code, 4);
	t.is(server.arrived, 120);
	t.regex(out, /rate +n +missing/);
	t.regex(out, /120 +880/);
	t.regex(out, /a\.text has 120 of 1,?000 rows: the budget was used up/);
	t.regex(err, /one more call could pass the budget of 120 calls/);
	t.regex(err, /Next: raise the budget and `assay run study\.assay` again/);
	const more = await run(['--calls', '200']);
	t.is(more.code, 4);
	t.is(server.arrived, 320, 'the first 120 are not made again');
});

test('a budget that is too small for every row is spent on whole rows', async (t) => {
	const body = `eval a {
  for i in 1..n
  first = m.sample(p(i), temperature: 0, max_tokens: 8)
  second = m.sample(p(i) + assistant "{first}" + user "Sure?", temperature: 0, max_tokens: 8)
}
table t = from a { whole = count(second) }`;
	const { run } = await serveStudy(t, { rows: 200, body, concurrency: 10 });
	const { code, out } = await run(['--calls', '200']);
	t.is(code, 4);
	const whole = Number(/a\.second has (\d+) of 200 rows/.exec(out)?.[1]);
	t.true(whole >= 80, `${whole} whole rows of 200 calls\n${out}`);
});

test('tokens are never overshot', async (t) => {
	const { run, server } = await serveStudy(t, { ...WIDE, otherwise: { do: 'answer', usage } });
	const { code, err } = await run(['--tokens', '3000']);
	t.is(code, 4);
	t.true(server.arrived * 18 <= 3000, `${server.arrived} calls`);
	t.true(server.arrived >= 100, `only ${server.arrived} calls`);
	t.regex(err, /could pass the budget of 3,000 tokens/);
});

test('money is never overshot, by the prices beside the store', async (t) => {
	const served = await serveStudy(t, { ...WIDE, otherwise: { do: 'answer', usage } });
	writeBeside(served, 'prices.json', PRICES);
	// $0.01 for the prompt and $0.08 for the answer.
	const { code, err } = await served.run(['--usd', '9'], {
		env: { ASSAY_PRICES: `${served.folder}/prices.json` },
	});
	t.is(code, 4);
	const spent = served.server.arrived * 0.09;
	t.true(spent <= 9, `$${spent}`);
	t.true(spent > 5, `only $${spent}`);
	t.regex(err, new RegExp(`spent +\\$${spent.toFixed(2).replace('.', '\\.')}`));
});

test('no call starts when the time is up', async (t) => {
	const { run, server } = await serveStudy(t, { ...WIDE, rows: 5000, latencyMs: 100 });
	const { code, err } = await run(['--time', '1s']);
	t.is(code, 4);
	t.true(server.arrived < 1500, `${server.arrived} calls`);
	const first = server.requests[0]?.at ?? 0;
	const last = server.requests.at(-1)?.at ?? 0;
	t.true(last - first < 3000, `${last - first} ms from the first call to the last`);
	t.regex(err, /could pass the budget of 1 s/);
});

test('a budget in the study holds as one on the command line does, which replaces it', async (t) => {
	const body = `eval a { for i in 1..n  text = m.sample(p(i), temperature: 0) }\ntable t = from a { n = count(text) }`;
	const served = await serveStudy(t, { body, rows: 100 });
	writeBeside(served, 'study.assay', served.text.replace('{ seed: 1 }', '{ seed: 1, budget: {calls: 30} }'));
	t.is((await served.run()).code, 4);
	t.is(served.server.arrived, 30);
	const raised = await served.run(['--calls', '100']);
	t.is(raised.code, 0, raised.err);
	t.is(served.server.arrived, 100);
});

test('a model without a known price does not run under a budget in money unless told to', async (t) => {
	const served = await serveStudy(t);
	// A server that is not this machine's; nothing is sent to it.
	writeBeside(served, 'study.assay', served.text.replace('127.0.0.1', 'example.invalid'));
	const { code, err } = await served.run(['--usd', '1']);
	t.is(code, 3);
	t.regex(err, /the price of openai model scripted is not known/);
	t.regex(err, /--allow-unknown-price/);
	t.is(served.server.arrived, 0);
});

test('a budget that everything kept fits into is not used up', async (t) => {
	const { run, server } = await serveStudy(t);
	t.is((await run()).code, 0);
	const again = await run(['--calls', '0']);
	t.is(again.code, 0, again.err);
	t.is(server.arrived, 6);
});
