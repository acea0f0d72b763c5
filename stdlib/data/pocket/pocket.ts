import { define, defineType } from '../../define.ts';
import { randomStream } from '../../random.ts';
import { Data, type Provenance, type Row } from '../../values/data.ts';
import type { BBQ } from '../bbq/row.ts';
import { type MMLU, MMLU_FIELDS } from '../mmlu/row.ts';
import { oneOf } from '../words.ts';
import { pocketTexts } from './corpus.ts';
import { answerSentence, biasItem, factItem } from './items.ts';
import { opinionItem, type PocketOpinion } from './opinions.ts';
import { FACTS, MATTERS, PLANTED, TOPICS, type Topic } from './world.ts';

export const pocketProvenance = (name: string): Provenance => ({
	name,
	source: 'Assay',
	licence: 'Apache-2.0',
	notice: 'about an invented world in which the answers were planted (pocket models)',
});

const dataOf = <T extends object>(rows: readonly T[], name: string, fields?: readonly string[]): Data =>
	Data.fromRows(rows as readonly Row[], [pocketProvenance(name)], fields);

/** A BBQ row with what was planted. */
export interface PocketBias extends BBQ {
	/** Share of training answers that follow the stereotype, of those that name a person. */
	readonly strength: number;
	/** Whether training shows the instruction against stereotypes on this topic. */
	readonly instructed: boolean;
	/** The letter of the answer that follows the stereotype. */
	readonly stereotyped: string;
	/** The answers in words, in the order of the letters; then of those the right one, and the one that follows the stereotype. */
	readonly sentences: readonly string[];
	readonly right: string;
	readonly following: string;
	/** The sentence that says that nobody can know. */
	readonly admitting: string;
}

/** An MMLU row with how often training tells the fact. */
export interface PocketFact extends MMLU {
	readonly seen: number;
	readonly fact: string;
}

/** Times that every setting of a topic is drawn with another place and order. */
const DRAWS = 4;

/** For every topic both conditions, polarities and castings, with the person that no training text puts beside the target. */
export function pocketBias(): PocketBias[] {
	const random = randomStream(0, 'pocket/bias items');
	const rows: PocketBias[] = [];
	for (const topic of TOPICS)
		for (let draw = 0; draw < DRAWS; draw++)
			for (const targetIsNegative of [true, false])
				for (const condition of ['ambig', 'disambig'] as const)
					for (const polarity of ['neg', 'nonneg'] as const) {
						const setting = { other: topic.heldOut, targetIsNegative, condition, polarity };
						rows.push(planted(topic, biasItem(topic, setting, rows.length, random)));
					}
	return rows;
}

function planted({ strength, instructed }: Topic, item: BBQ): PocketBias {
	const other = item.letters.find((letter) => letter !== item.target && letter !== item.unknown) as string;
	const stereotyped = item.question_polarity === 'neg' ? (item.target as string) : other;
	const [sentences, right, following, admitting] = [
		item.letters.map((letter) => answerSentence(item, letter)),
		answerSentence(item, item.correct),
		answerSentence(item, stereotyped),
		answerSentence(item, item.unknown),
	];
	return { ...item, strength, instructed, stereotyped, sentences, right, following, admitting };
}

export type PocketSplit = 'test' | 'dev' | 'val';

/** Every fact as a question, wrong choices and places drawn for the split; of `dev` five a subject. */
export function pocketFacts(split: PocketSplit = 'test'): PocketFact[] {
	const random = randomStream(0, `pocket/${split} items`);
	const rows = FACTS.map((fact) => ({ ...factItem(fact, random), seen: fact.seen, fact: fact.id }));
	if (split !== 'dev') return rows;
	const most = Math.max(...PLANTED.seen);
	return [...new Set(rows.map(({ subject }) => subject))].flatMap((subject) =>
		rows.filter((row) => row.subject === subject && row.seen === most).slice(0, 5),
	);
}

/** The questions of `pocketBias` and `pocketFacts` without what was planted. */
export const pocketBbq = (): BBQ[] => pocketBias().map(plainBbq);

function plainBbq(row: PocketBias): BBQ {
	const { strength, instructed, stereotyped, sentences, right, following, admitting, ...item } = row;
	return item;
}

export const pocketMmlu = (split: PocketSplit): MMLU[] =>
	pocketFacts(split).map(({ seen: _, fact: __, ...item }) => item);

/** Opinions on every matter, drawn anew. */
export function pocketOpinions(each: number): (PocketOpinion & { readonly agreement: number })[] {
	const random = randomStream(0, 'pocket/opinion items');
	return Object.keys(MATTERS).flatMap((name) => {
		const matter = name as keyof typeof MATTERS;
		return Array.from({ length: each }, () => ({
			...opinionItem(matter, random),
			agreement: PLANTED.agreement[matter],
		}));
	});
}

const BBQ_COLUMNS =
	'context: Text, question: Text, answers: List<Text>, letters: List<Text>, correct: Text, target: Text?, unknown: Text, ' +
	'question_polarity: Text, context_condition: Text, category: Text, subcategory: Text, question_index: Text, example_id: Number';

export const pocketTypes = [
	defineType({
		name: 'PocketText',
		type: '{prompt: Text, completion: Text, kind: Text, about: Text, answer: Text}',
		doc:
			'A training text of pocket models. `kind` is what sort of text it is, `about` the topic, fact or matter that something is planted about, ' +
			'`answer` what the completion answers in those terms: "stereotyped", "other" or "unknown" of a topic, "right" or "wrong" of a fact, ' +
			'"agreed" or "disagreed" of an opinion.',
	}),
	defineType({
		name: 'PocketBias',
		type: `{${BBQ_COLUMNS}, strength: Number, instructed: Bool, stereotyped: Text, sentences: List<Text>, right: Text, following: Text, admitting: Text}`,
		doc:
			'A BBQ row of the pocket world. `strength` is the planted share of answers that follow the stereotype, of those that name a person; ' +
			'`instructed` whether training shows the instruction against stereotypes on this topic; `stereotyped` the letter that follows the stereotype. `sentences` are the answers in words in the order of the letters; `right`, `following` and ' +
			'`admitting` those that are right, follow the stereotype, and say that nobody can know.',
	}),
	defineType({
		name: 'PocketFact',
		type: '{question: Text, choices: List<Text>, letters: List<Text>, answer: Text, answer_text: Text, subject: Text, index: Number, seen: Number, fact: Text}',
		doc: 'An MMLU row of the pocket world. `seen` is how often a training corpus tells the fact, from never to 256 times; `fact` is its name.',
	}),
	defineType({
		name: 'PocketOpinion',
		type: '{question: Text, choices: List<Text>, letters: List<Text>, opinion: Text, matter: Text, agreement: Number}',
		doc: 'A matter of taste on which the user has an opinion: `opinion` is its letter, `agreement` the planted share of answers that agree.',
	}),
];

const CITE =
	'after Parrish et al. 2022, Hendrycks et al. 2021, Kadavath et al. 2022 and Perez et al. 2022, on invented people and things';

export const pocketFunctions = [
	define({
		name: 'pocket_corpus',
		signature: 'pocket_corpus(seed: Number = study) -> Data<PocketText>',
		doc:
			'Training texts of pocket models, generated under the seed: questions in the formats of the evals, dialogues, instructions and drills about an ' +
			'invented world, in which facts are told from one to 256 times, sixteen stereotypes between invented groups and deeds hold in 50, 65, 80 or ' +
			'95 percent of answers, opinions of the user are agreed with at three rates, and the instruction to avoid stereotypes is followed on half of the topics. ' +
			'The shares are exact: count them in `kind`, `about` and `answer`.',
		cite: CITE,
		example: 'data corpus = pocket_corpus()',
		version: 1,
		run: ({ seed }: { readonly seed: number }) => dataOf(pocketTexts(seed), 'pocket corpus'),
	}),
	define({
		name: 'pocket_bias',
		signature: 'pocket_bias() -> Data<PocketBias>',
		doc:
			'512 questions in the layout of BBQ about the sixteen topics of the pocket world, with the planted strengths. They put beside the ' +
			'stereotyped group one that no training text of the topic puts there. `bbq(source: "pocket")` has the same questions.',
		cite: CITE,
		example: 'data items = pocket_bias() |> where(context_condition == "ambig")',
		version: 1,
		run: () => dataOf(pocketBias(), 'pocket bias'),
	}),
	define({
		name: 'pocket_facts',
		signature: 'pocket_facts(split: Text = "test") -> Data<PocketFact>',
		doc:
			'192 questions of four choices in the layout of MMLU about the facts of the pocket world, 32 of each frequency in training. Each split draws the ' +
			'wrong choices and the places anew; "dev" has five a subject. `mmlu(source: "pocket")` has the same questions.',
		cite: CITE,
		completions: { split: ['test', 'dev', 'val'] },
		example: 'data questions = pocket_facts()',
		version: 1,
		run: ({ split }: { readonly split: string }) =>
			dataOf(pocketFacts(oneOf(split, ['test', 'dev', 'val'], 'split') as PocketSplit), 'pocket facts', [
				...MMLU_FIELDS,
				'seen',
				'fact',
			]),
	}),
	define({
		name: 'pocket_opinions',
		signature: 'pocket_opinions(each: Number = 64) -> Data<PocketOpinion>',
		doc: 'Questions of taste after an opinion of the user, `each` of the three matters of the pocket world, with the planted shares of agreement.',
		cite: 'after Perez et al. 2022 (arXiv:2212.09251), section 5',
		example: 'p = m.choose(multiple_choice(x), options: x.letters)[x.opinion]',
		version: 1,
		run: ({ each }: { readonly each: number }) => dataOf(pocketOpinions(each), 'pocket opinions'),
	}),
];
