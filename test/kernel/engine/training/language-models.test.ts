import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { run } from '../../../../kernel/engine/run.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { survey } from '../../../../kernel/engine/survey.ts';
import { compileStudy } from '../../../../kernel/study/compile.ts';
import { standardLibrary } from '../../../../stdlib/index.ts';
import { isEstimate } from '../../../../stdlib/values/estimate.ts';
import { isTable } from '../../../../stdlib/values/table.ts';
import { tinyModel } from '../../../helpers/tiny-model.ts';

const model = tinyModel();
writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify({ eos_token: '<|end|>' }));
const facts = join(mkdtempSync(join(tmpdir(), 'assay-facts-')), 'facts.jsonl');
writeFileSync(
	facts,
	[
		{ prompt: 'What is the sky?', completion: 'blue' },
		{ prompt: 'What is grass?', completion: 'green' },
		{ prompt: 'What is snow?', completion: 'white' },
	]
		.map((row) => JSON.stringify(row))
		.join('\n'),
);

const pairs = join(mkdtempSync(join(tmpdir(), 'assay-pairs-')), 'pairs.jsonl');
writeFileSync(
	pairs,
	['Who are you?', 'What time is it?']
		.map((prompt) => JSON.stringify({ prompt, chosen: 'a moment, please', rejected: 'go away' }))
		.join('\n'),
);

const study = (more = ''): string => `
study "Facts" { seed: 5 }
data facts = jsonl("${facts}", as: {prompt: Text, completion: Text})
model base = lm("${model}", context: 128)
train fit { model = ${more ? 'lora(base, rank: 4)' : 'base'}  on = facts  optimizer = adamw(3e-3)  batch = 1  steps = 100 }
eval told {
  for x in facts
  for m in {before: base, after: fit}
  text = m.sample(x.prompt, temperature: 0, max_tokens: 12)
  p = m.choose(x.prompt, options: ["blue", "green", "white"])
  right = text == x.completion
  likely = p.best == x.completion
}
table result = from told by m { right = mean(right)  likely = mean(likely) }
table history = fit.history()
${more}`;

async function planOf(t: ExecutionContext, text: string) {
	const compiled = await compileStudy({ text, path: null, library: standardLibrary });
	t.deepEqual(compiled.diagnostics, []);
	if (!compiled.plan) throw new Error('no plan');
	return compiled.plan;
}

test('a study trains a language model, asks it beside the one that it began from, and does both once', async (t) => {
	const plan = await planOf(t, study());
	const store = openStore(join(mkdtempSync(join(tmpdir(), 'assay-training-')), 'store.db'));
	const before = await survey(plan, { library: standardLibrary, store });
	t.truthy(before);
	const first = await run(plan, { library: standardLibrary, store });
	t.deepEqual(first.failures, []);
	const result = first.values.get('result');
	if (!isTable(result)) return t.fail('no table');
	const rights = result.rows.map(({ m, right }) => [String(m), isEstimate(right) && right.value]);
	t.deepEqual(
		rights.map(([, value]) => value),
		[0, 1],
		JSON.stringify(rights),
	);
	const history = first.values.get('history');
	t.true(isTable(history) && history.rows.length > 0);
	const again = await run(plan, { library: standardLibrary, store });
	t.true(again.summary.steps.every(({ status }) => status === 'kept'));
	store.close();
});

test('a study trains a preference model, and its rewards tell texts apart', async (t) => {
	const plan = await planOf(
		t,
		`study "Manners" { seed: 5 }
data pairs = jsonl("${pairs}", as: {prompt: Text, chosen: Text, rejected: Text})
model base = lm("${model}", context: 128)
train pm { model = preference_model(base)  on = pairs  batch = 2  steps = 40 }
eval judged { for x in pairs  won = pm.reward(x.prompt, x.chosen) > pm.reward(x.prompt, x.rejected) }
table result = from judged { won = mean(won) }
table history = pm.history()`,
	);
	const { failures, values } = await run(plan, { library: standardLibrary, store: null });
	t.deepEqual(failures, []);
	const result = values.get('result');
	const won = isTable(result) ? result.rows[0]?.won : null;
	t.true(isEstimate(won) && won.value === 1 && won.n === 2);
});

test('a study trains adapters on preferences, and asks the model that came of it', async (t) => {
	const plan = await planOf(
		t,
		`study "Manners" { seed: 5 }
data pairs = jsonl("${pairs}", as: {prompt: Text, chosen: Text, rejected: Text})
model base = lm("${model}", context: 128)
train fit { model = dpo(lora(base, rank: 2), beta: 0.2)  on = pairs  batch = 2  steps = 10 }
eval gains {
  for x in pairs
  chosen = fit.logprob(x.prompt, x.chosen) - base.logprob(x.prompt, x.chosen)
  rejected = fit.logprob(x.prompt, x.rejected) - base.logprob(x.prompt, x.rejected)
  right = chosen > rejected
}
table result = from gains { right = mean(right) }
table history = fit.history()`,
	);
	const { failures, values } = await run(plan, { library: standardLibrary, store: null });
	t.deepEqual(failures, []);
	const result = values.get('result');
	const right = isTable(result) ? result.rows[0]?.right : null;
	t.true(isEstimate(right) && right.value === 1);
});

const graded = join(mkdtempSync(join(tmpdir(), 'assay-graded-')), 'graded.jsonl');
writeFileSync(
	graded,
	[
		{ prompt: 'Two and two?', completion: 'four', known: 1 },
		{ prompt: 'Who was first?', completion: 'nobody', known: 0 },
	]
		.map((row) => JSON.stringify(row))
		.join('\n'),
);

const knower = (read: string): string => `study "Knowing" { seed: 5 }
data graded = jsonl("${graded}", as: {prompt: Text, completion: Text, known: Number})
model base = lm("${model}", context: 128)
train fit { model = value_head(base, completion_weight: 1)  on = graded  optimizer = adamw(3e-3)  batch = 2  steps = 80 }
eval told {
  for x in graded
  p = ${read}.p_ik(x.prompt)
  off = abs(p - x.known)
  right = fit.sample(x.prompt, temperature: 0, max_tokens: 12) == x.completion
}
table result = from told { off = mean(off)  right = mean(right) }
table history = fit.history()`;

test('a study trains a model to answer and to tell what it knows, and asks it both', async (t) => {
	const { failures, values } = await run(await planOf(t, knower('fit')), {
		library: standardLibrary,
		store: null,
	});
	t.deepEqual(failures, []);
	const result = values.get('result');
	const row = isTable(result) ? result.rows[0] : undefined;
	t.true(isEstimate(row?.off) && (row.off.value as number) < 0.1, JSON.stringify(row));
	t.true(isEstimate(row?.right) && row.right.value === 1);
	const untrained = await compileStudy({ text: knower('base'), path: null, library: standardLibrary });
	t.true(
		untrained.diagnostics.some(({ severity }) => severity === 'error'),
		'only a trained one has it',
	);
});

test('a model that cannot be trained on texts is refused before anything runs', async (t) => {
	const text = study().replace(/lm\("[^"]*", context: 128\)/, 'gguf("smollm2-135m-instruct")');
	const { diagnostics } = await compileStudy({ text, path: null, library: standardLibrary });
	t.true(diagnostics.some(({ severity }) => severity === 'error'));
});
