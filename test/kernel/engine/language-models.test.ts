import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunEvent } from '../../../kernel/engine/events.ts';
import { run } from '../../../kernel/engine/run.ts';
import { openStore } from '../../../kernel/engine/store/store.ts';
import { compileStudy } from '../../../kernel/study/compile.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { DeviceModel } from '../../../stdlib/models/lm/device-model.ts';
import { tinyModel } from '../../helpers/tiny-model.ts';

const model = tinyModel();

/** Rows whose texts are as long as they say. */
async function planOf(t: ExecutionContext, lengths: readonly number[]) {
	const rows = join(mkdtempSync(join(tmpdir(), 'assay-rows-')), 'rows.jsonl');
	writeFileSync(
		rows,
		lengths.map((length, i) => JSON.stringify({ prompt: `Write ${i}.`, length })).join('\n'),
	);
	const text = `study "Texts" { seed: 5 }
data asked = jsonl("${rows}", as: {prompt: Text, length: Number})
model m = lm("${model}", context: 512)
eval texts { for x in asked  text = m.sample(x.prompt, max_tokens: x.length) }
table result = from texts { n = count(text) }`;
	const compiled = await compileStudy({ text, path: null, library: standardLibrary });
	t.deepEqual(compiled.diagnostics, []);
	if (!compiled.plan) throw new Error('no plan');
	return compiled.plan;
}

test.serial('texts are told as they end, the short ones while the long ones are written', async (t) => {
	const plan = await planOf(t, [200, 4, 100, 40]);
	const told: { readonly tokens: number; readonly steps: number }[] = [];
	let steps = 0;
	const { step } = DeviceModel.prototype;
	DeviceModel.prototype.step = function (...args) {
		steps++;
		return step.apply(this, args);
	};
	const onEvent = (event: RunEvent): void => {
		if (event.type === 'call-finished') told.push({ tokens: event.outputTokens, steps });
	};
	const { failures } = await run(plan, { library: standardLibrary, store: null, onEvent });
	DeviceModel.prototype.step = step;
	t.deepEqual(failures, []);
	t.deepEqual(
		told.map(({ tokens }) => tokens),
		[4, 40, 100, 200],
	);
	for (const { tokens, steps: at } of told)
		t.true(at <= tokens + 16, `${tokens} tokens are told after ${at} steps`);
});

test.serial('an interrupt ends a run between two tokens, and what was written by then is kept', async (t) => {
	const plan = await planOf(t, [8, 400, 400]);
	const store = openStore(join(mkdtempSync(join(tmpdir(), 'assay-texts-')), 'store.db'));
	const stop = new AbortController();
	let after = 0;
	const { step } = DeviceModel.prototype;
	DeviceModel.prototype.step = function (...args) {
		if (stop.signal.aborted) after++;
		return step.apply(this, args);
	};
	const onEvent = (event: RunEvent): void => {
		if (event.type === 'call-finished' && event.outcome === 'done') stop.abort();
	};
	const ended = await run(plan, { library: standardLibrary, store, onEvent, signal: stop.signal });
	// Whatever goes on unseen would show in a moment.
	await new Promise((resolve) => setTimeout(resolve, 300));
	DeviceModel.prototype.step = step;
	t.is(ended.outcome, 'interrupted');
	t.true(after <= 2, `${after} steps after the interrupt`);
	const cached: string[] = [];
	const again = await planOf(t, [8]);
	await run(again, {
		library: standardLibrary,
		store,
		onEvent: (event) => {
			if (event.type === 'call-finished') cached.push(event.outcome);
		},
	});
	t.deepEqual(cached, ['cached']);
	store.close();
});
