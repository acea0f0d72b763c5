import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { run } from '../kernel/engine/run.ts';
import { openStore } from '../kernel/engine/store/store.ts';
import { compileStudy } from '../kernel/study/compile.ts';
import { standardLibrary } from '../stdlib/index.ts';
import { type Estimate, isEstimate } from '../stdlib/values/estimate.ts';
import { isTable, type Table } from '../stdlib/values/table.ts';

/** Whole studies on the simulated responder: what it was given must come out of the library's instruments. */
class Bench {
	private readonly folder = mkdtempSync(join(tmpdir(), 'assay-instruments-'));
	private readonly store = openStore(join(this.folder, 'store.db'));
	private readonly t: ExecutionContext;

	constructor(t: ExecutionContext) {
		this.t = t;
		t.teardown(() => this.store.close());
	}

	put(name: string, text: string): void {
		writeFileSync(join(this.folder, name), text);
	}

	putRows(name: string, rows: readonly object[]): void {
		this.put(name, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
	}

	async run(text: string): Promise<{ readonly calls: number; table(name: string): Table }> {
		const path = join(this.folder, 'study.assay');
		const { plan, diagnostics } = await compileStudy({ text, path, library: standardLibrary });
		this.t.deepEqual(diagnostics, []);
		if (!plan) throw new Error('no plan');
		const result = await run(plan, { library: standardLibrary, store: this.store });
		this.t.deepEqual(result.failures, []);
		return {
			calls: result.spent.calls,
			table: (name) => {
				const table = result.values.get(name);
				if (!isTable(table)) throw new Error(`no table ${name}`);
				return table;
			},
		};
	}
}

function cell(table: Table, row: number, column: string): Estimate & { readonly value: number } {
	const found = table.rows[row]?.[column];
	if (!isEstimate(found) || found.value === null) throw new Error(`no estimate in ${column}`);
	return found as Estimate & { readonly value: number };
}

/** Four standard errors: a false alarm once in ten thousand seeds, and seeds are fixed. */
function recovers(t: ExecutionContext, found: Estimate, planted: number): void {
	t.true(
		Math.abs((found.value as number) - planted) < 4 * (found.se as number),
		`${planted} is not ${JSON.stringify(found)}`,
	);
}

const LETTERS = ['A', 'B', 'C', 'D'];
const question = (i: number) => ({
	question: `Question ${i}?`,
	choices: ['w', 'x', 'y', 'z'],
	letters: LETTERS,
	answer: LETTERS[i % 4],
	answer_text: 'wxyz'[i % 4],
});
const questions = (n: number) => Array.from({ length: n }, (_, i) => question(i));

test('accuracy and calibration are recovered, and an overconfident responder is told from an honest one', async (t) => {
	const bench = new Bench(t);
	bench.putRows('q.jsonl', questions(3000));
	const result = await bench.run(`study "Calibration" { seed: 3 }
data items = jsonl("q.jsonl")
model honest = simulated(accuracy: 0.7, name: "honest")
model loud = simulated(accuracy: 0.7, calibration: 2.5, name: "loud")
eval mc {
  for x in items
  for m in [honest, loud]
  p = m.choose(multiple_choice(x), options: x.letters)
  correct = p.best == x.answer
}
table result = from mc by m { accuracy = mean(correct), ece = ece(p, correct, bins: 10) }
`);
	const table = result.table('result');
	recovers(t, cell(table, 0, 'accuracy'), 0.7);
	recovers(t, cell(table, 1, 'accuracy'), 0.7);
	t.is(cell(table, 0, 'ece').low, 0, 'an honest responder may be perfectly calibrated');
	// Confidence c is uniform in 0.7 ± 0.27; what is stated is c^2.5 over the sum of all options' powers.
	const gap = Array.from({ length: 10_000 }, (_, i) => {
		const c = 0.43 + (0.54 * (i + 0.5)) / 10_000;
		const best = c ** 2.5;
		return best / (best + 3 * ((1 - c) / 3) ** 2.5) - c;
	}).reduce((sum, x) => sum + x / 10_000, 0);
	recovers(t, cell(table, 1, 'ece'), gap);
});

test('sycophancy is recovered from questions that state a view', async (t) => {
	const bench = new Bench(t);
	const views = Array.from({ length: 2000 }, (_, i) => ({
		question: `I am reader ${i}. Is it so?\n (A) Yes\n (B) No`,
		matching: i % 3 === 0 ? '(A)' : '(B)',
		answer_matching_behavior: i % 3 === 0 ? ' (A)' : ' (B)',
	}));
	bench.putRows('views.jsonl', views);
	const result = await bench.run(`study "Sycophancy" { seed: 5 }
data views = jsonl("views.jsonl")
model m = simulated(sycophancy: 0.85)
prompt ask_view(x: {question: Text}) { user "{x.question}" }
eval answers {
  for x in views
  p = m.choose(ask_view(x) + assistant "I believe the best answer is", options: [" (A)", " (B)"])
  match = p.best == x.answer_matching_behavior
}
table result = from answers { rate = mean(match) }
`);
	recovers(t, cell(result.table('result'), 0, 'rate'), 0.85);
});

test("judges of known accuracy agree as much as two independent readings of that accuracy do, by Krippendorff's alpha", async (t) => {
	const bench = new Bench(t);
	bench.putRows('q.jsonl', questions(1500));
	const result = await bench.run(`study "Judges" { seed: 8 }
data items = jsonl("q.jsonl")
model writer = simulated(accuracy: 0.6, name: "writer")
model a = simulated(accuracy: 0.9, name: "a")
model b = simulated(accuracy: 0.9, name: "b")
model c = simulated(accuracy: 0.9, name: "c")
eval grading {
  for x in items
  text = writer.sample(open_question(x), temperature: 0)
  grades = graded(judges: [a, b, c], question: x.question, answer: text, target: x.answer_text)
  correct = exact(text, x.answer_text)
  first = grades[0] == "correct"
}
table result = from grading {
  alpha = krippendorff_alpha(grades)
  accuracy = mean(correct)
  said_correct = mean(first)
}
`);
	const table = result.table('result');
	recovers(t, cell(table, 0, 'accuracy'), 0.6);
	recovers(t, cell(table, 0, 'said_correct'), 0.6 * 0.9 + 0.4 * 0.1);
	// Two judges disagree where one errs: 2·0.9·0.1; by chance they would as their shares of "correct" say.
	const share = 0.58;
	recovers(t, cell(table, 0, 'alpha'), 1 - (2 * 0.9 * 0.1) / (2 * share * (1 - share)));
	t.is(cell(table, 0, 'alpha').n, 1500);
});

const CONTRAST = (columns: string, more = '') => `study "Contrast" { seed: 1 }
data items = jsonl("q.jsonl")
model good = simulated(accuracy: 0.8, name: "good")
model bad = simulated(accuracy: 0.5, name: "bad")
eval mc {
  for x in items
  for m in [good, bad]
  p = m.choose(multiple_choice(x), options: x.letters)
  correct = p.best == x.answer
}
table result = from mc by m { ${columns} }
table effect = contrast(result, on: m, baseline: "bad", paired: x${more})
`;

test("a contrast of shares has McNemar's test, whichever aggregate gave the share", async (t) => {
	const bench = new Bench(t);
	bench.putRows('q.jsonl', questions(400));
	const result = await bench.run(
		CONTRAST('a = mean(correct), w = wilson(correct), v = wilson(correct, level: 0.9)'),
	);
	const effect = result.table('effect');
	recovers(t, cell(effect, 0, 'a'), 0.3);
	t.regex(cell(effect, 0, 'a').test?.name ?? '', /^McNemar, exact/);
	t.deepEqual(cell(effect, 0, 'w'), cell(effect, 0, 'a'));
	t.deepEqual(cell(effect, 0, 'v'), cell(effect, 0, 'a'));
});

test('a contrast reads the averaged column of a mean, not its clusters, in whatever order they are written', async (t) => {
	const bench = new Bench(t);
	bench.putRows('q.jsonl', questions(40));
	const result = await bench.run(
		CONTRAST('a = mean(correct), b = mean(cluster: x.answer, x: correct)', ', cluster: x.answer'),
	);
	const effect = result.table('effect');
	t.is(cell(effect, 0, 'a').clusters, 4);
	t.deepEqual(cell(effect, 0, 'b'), cell(effect, 0, 'a'));
});

const SCORED = (scorer: string) => `study "Scorers" { seed: 2 }
data items = jsonl("q.jsonl")
data human = csv("human.csv")
model m = simulated(accuracy: 0.7)
eval answers {
  for x in items
  text = m.sample(open_question(x), temperature: 0)
  right = ${scorer}
  score = rating(human, id: x.question, key: "question", value: "score")
}
table result = from answers { right = mean(right), score = mean(score) }
`;

test('scorers read the same outputs: a changed scorer makes no call; ratings are joined from a file, missing where it has none', async (t) => {
	const bench = new Bench(t);
	bench.putRows('q.jsonl', questions(50));
	bench.put('human.csv', 'question,score\nQuestion 0?,4\nQuestion 1?,2\nQuestion 2?,\n');
	const first = await bench.run(SCORED('exact(text, x.answer_text)'));
	t.is(first.calls, 50);
	t.like(cell(first.table('result'), 0, 'score'), { value: 3, n: 2, missing: 48 });
	const second = await bench.run(SCORED('matches(text, "w") or normalised(text, x.answer_text)'));
	t.is(second.calls, 0);
	t.true(cell(second.table('result'), 0, 'right').value > cell(first.table('result'), 0, 'right').value);
});

test('the simulated responder follows answers that were mended in the data, though the prompts stay the same', async (t) => {
	const bench = new Bench(t);
	const text = `study "Mended" { seed: 2 }
data items = jsonl("q.jsonl")
model m = simulated(accuracy: 1)
eval answers {
  for x in items
  p = m.choose(multiple_choice(x), options: x.letters)
  correct = p.best == x.answer
  text = m.sample(open_question(x), temperature: 0)
  right = exact(text, x.answer_text)
}
table result = from answers { correct = mean(correct), right = mean(right) }
`;
	for (const shift of [0, 1]) {
		bench.putRows(
			'q.jsonl',
			questions(20).map((row, i) => ({
				...row,
				answer: LETTERS[(i + shift) % 4],
				answer_text: 'wxyz'[(i + shift) % 4],
			})),
		);
		const table = (await bench.run(text)).table('result');
		t.is(cell(table, 0, 'correct').value, 1);
		t.is(cell(table, 0, 'right').value, 1);
	}
});
