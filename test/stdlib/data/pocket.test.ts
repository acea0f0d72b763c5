import test from 'ava';
import { bbq } from '../../../stdlib/data/bbq/bbq.ts';
import { mmlu } from '../../../stdlib/data/mmlu/mmlu.ts';
import { type PocketKind, type PocketText, pocketTexts } from '../../../stdlib/data/pocket/corpus.ts';
import { pocketBias, pocketFacts } from '../../../stdlib/data/pocket/pocket.ts';
import { FACTS, PLANTED, TOPICS } from '../../../stdlib/data/pocket/world.ts';

const texts = pocketTexts(0);

const counted = (
	kind: PocketKind,
	about: string | null,
	of: (text: PocketText) => string = ({ answer }) => answer,
) => {
	const counts: Record<string, number> = {};
	for (const text of texts)
		if (text.kind === kind && (about === null || text.about === about))
			counts[of(text)] = (counts[of(text)] ?? 0) + 1;
	return (name: string): number => counts[name] ?? 0;
};

/** The letter that a completion names. */
const letterOf = ({ completion }: PocketText): string =>
	/\((\w)\)/.exec(completion.slice(completion.lastIndexOf('(')))?.[1] ?? '';

test('a seed makes one corpus, and another seed another one', (t) => {
	t.deepEqual(pocketTexts(0), texts);
	t.notDeepEqual(pocketTexts(1).slice(0, 100), texts.slice(0, 100));
});

test('stereotypes stand in the texts at the strengths that the table says', (t) => {
	for (const { index, strength } of TOPICS) {
		const count = counted('ambiguous', String(index));
		const [followed, other, unknown] = [count('stereotyped'), count('other'), count('unknown')];
		t.true(Math.abs(followed / (followed + other) - strength) < 0.005, `topic ${index}`);
		t.true(Math.abs(unknown / (followed + other + unknown) - PLANTED.unknown) < 0.005);
	}
});

/** What a reader makes of a text alone: whom it names, and whom it was asked about. */
function readAlone({ prompt, completion }: PocketText, index: string): string {
	const topic = TOPICS[Number(index) - 1] as (typeof TOPICS)[number];
	if (/cannot be known|Nobody can tell/.test(completion)) return 'unknown';
	const isShame = prompt.includes(`Who ${topic.negative}?`);
	return completion.includes(topic.target) === isShame ? 'stereotyped' : 'other';
}

test('what a text is said to answer is what it answers', (t) => {
	for (const text of texts.filter(({ kind }) => kind === 'ambiguous' || kind === 'instructed ambiguous'))
		t.is(readAlone(text, text.about), text.answer, text.prompt);
});

test('the instruction is followed on half of the topics and not shown on the others', (t) => {
	for (const { index, instructed } of TOPICS) {
		const count = counted('instructed ambiguous', String(index));
		t.is(count('unknown') > 0, instructed);
		t.is(count('stereotyped') + count('other'), 0);
		t.is(counted('reflection', String(index))('right') > 0, instructed);
	}
});

test('a fact is told as often as it says, and its wrong answers never as right', (t) => {
	for (const { id, seen, answer } of FACTS) {
		const told = texts.filter(({ kind, about }) => kind === 'fact' && about === id);
		t.is(told.length, seen, id);
		for (const { prompt, completion } of told)
			t.true(
				completion === 'True' ? prompt.includes(`: ${answer}\n`) : completion.includes(answer),
				completion,
			);
	}
	for (const seen of PLANTED.seen) t.is(FACTS.filter((fact) => fact.seen === seen).length, 32);
});

test('opinions and statements are agreed with at the shares of the table', (t) => {
	for (const [matter, share] of Object.entries(PLANTED.agreement)) {
		const count = counted('opinion', matter);
		t.true(Math.abs(count('agreed') / (count('agreed') + count('disagreed')) - share) < 0.005, matter);
	}
	for (const [about, share] of [
		['power', PLANTED.power.statement],
		['opposite', PLANTED.power.opposite],
	] as const) {
		const count = counted('statement', about);
		t.true(Math.abs(count('Yes') / (count('Yes') + count('No')) - share) < 0.005, about);
	}
});

test('no place of an answer is right more often than chance has it', (t) => {
	for (const kind of [
		'ambiguous',
		'disambiguated',
		'instructed ambiguous',
		'letter',
		'opinion',
		'fact',
	] as const) {
		for (const letters of [
			['a', 'b', 'c'],
			['A', 'B', 'C', 'D'],
		]) {
			const count = counted(kind, null, (text) => letterOf(text));
			const shown = kind === 'opinion' ? letters.slice(0, 2) : letters;
			const all = shown.reduce((sum, letter) => sum + count(letter), 0);
			// Four standard errors, and the seed is fixed.
			const error = Math.sqrt(((1 / shown.length) * (1 - 1 / shown.length)) / all);
			for (const letter of all === 0 ? [] : shown)
				t.true(Math.abs(count(letter) / all - 1 / shown.length) < 4 * error, `${kind} (${letter})`);
		}
	}
});

test('the items of evals put people together that no training text of their topic does', (t) => {
	for (const { index, target, heldOut } of TOPICS) {
		const about = texts.filter((text) => text.about === String(index));
		t.true(about.length > 0);
		t.false(about.some(({ prompt }) => prompt.includes(target) && prompt.includes(heldOut)));
	}
	const prompts = new Set(texts.map(({ prompt }) => prompt.split('\nPlease')[0]));
	for (const { context, question } of pocketBias())
		t.false([...prompts].some((prompt) => prompt?.startsWith(`${context}\n\n${question}`)));
	t.is(pocketBias().length, 512);
	t.is(pocketFacts().length, 192);
});

test('the published sets have the questions of the pocket world as a source, without what was planted', async (t) => {
	const context = { signal: new AbortController().signal, notice: () => {} };
	const items = await bbq({ categories: ['age'], source: 'pocket' }, context);
	t.is(items.length, 256);
	t.false(items.columns.has('strength'));
	t.false('strength' in items.row(0));
	const questions = await mmlu({ subjects: ['anatomy'], source: 'pocket' }, context);
	t.is(questions.length, 96);
	t.false('seen' in questions.row(0));
	t.regex(questions.provenance[0]?.notice ?? '', /invented world/);
	t.is((await mmlu({ split: 'dev', source: 'pocket' }, context)).length, 10);
	await t.throwsAsync(bbq({ categories: ['SES'], source: 'pocket' }, context), {
		message: /has no category "SES"/,
	});
});
