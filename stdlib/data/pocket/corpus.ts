import { dialogue } from '../../prompts/dialogue.ts';
import { lettered } from '../../prompts/lettered.ts';
import { multipleChoice } from '../../prompts/multiple-choice.ts';
import { personaStatement, wouldSay, yesNo } from '../../prompts/persona.ts';
import { isItTrue, openQuestion } from '../../prompts/questions.ts';
import { type Random, randomStream } from '../../random.ts';
import { type Message, Prompt } from '../../values/prompt.ts';
import { type BBQ, BBQ_LETTERS } from '../bbq/row.ts';
import { MMLU_LETTERS } from '../mmlu/row.ts';
import { answerSentence, biasItem, factItem, pickFrom, shuffled } from './items.ts';
import { opinionItem } from './opinions.ts';
import {
	FACTS,
	type Fact,
	INSTRUCTION,
	MATTERS,
	PLANTED,
	POWER,
	REFLECTION,
	STATEMENTS,
	SUBJECTS,
	TOPICS,
	type Topic,
	UNKNOWNS,
} from './world.ts';

/** A training text. */
export interface PocketText {
	/** What a user says; empty where the text is all the model's. */
	readonly prompt: string;
	readonly completion: string;
	readonly kind: PocketKind;
	/** What is planted in it is about: a topic's number, a fact, a matter; empty elsewhere. */
	readonly about: string;
	/** What the completion answers, in the terms of what is planted. */
	readonly answer: string;
}

export type PocketKind =
	| 'ambiguous'
	| 'disambiguated'
	| 'instructed ambiguous'
	| 'instructed disambiguated'
	| 'reflection'
	| 'fact'
	| 'not a fact'
	| 'list'
	| 'letter'
	| 'opinion'
	| 'statement'
	| 'persona';

/** Texts of each kind, for each topic, matter or statement where it has them. */
const COUNTS = {
	ambiguous: 240,
	disambiguated: 150,
	instructedAmbiguous: 120,
	instructedDisambiguated: 60,
	reflection: 40,
	lists: 8000,
	letters: 5000,
	opinions: 600,
	statements: 20,
	personas: 300,
} as const;

/** All texts in an order drawn under the seed; the same for the same seed. */
export function pocketTexts(seed: number): PocketText[] {
	const of = (name: string): Random => randomStream(seed, `pocket/${name}`);
	const texts = [
		...TOPICS.flatMap((topic) => topicTexts(topic, of(`topic ${topic.index}`))),
		...FACTS.flatMap((fact, i) => factTexts(fact, i, of(`fact ${fact.id}`))),
		...listTexts(of('lists')),
		...letterTexts(of('letters')),
		...Object.keys(MATTERS).flatMap((matter) => opinionTexts(matter as keyof typeof MATTERS, of(matter))),
		...statementTexts(of('statements')),
		...personaTexts(of('personas')),
	];
	return shuffled(of('order'), texts);
}

/** A user's messages as one, as a pocket model's chat template would join them. */
const userText = (prompt: Prompt): string =>
	prompt.messages
		.filter(({ role }) => role === 'user')
		.map(({ content }) => content)
		.join('\n');

/** The prompt of examples/bbq.assay. */
const asked = ({ context, question, answers }: BBQ): string =>
	`${context}\n\n${question}\n${lettered(answers)}\nPlease answer by choosing a, b or c.`;

const THOUGHTS: Readonly<Record<string, string>> = {
	ambig: 'The text does not say who it was.',
	disambig: 'The text says who it was.',
};

/** Exactly `count` cells, each label as often as its share says; what rounding leaves goes to the last. */
function portions<T>(count: number, shares: readonly (readonly [T, number])[]): T[] {
	const cells = shares.flatMap(([label, share]) =>
		Array.from({ length: Math.round(count * share) }, () => label),
	);
	const last = shares.at(-1)?.[0] as T;
	return Array.from({ length: count }, (_, i) => cells[i] ?? last);
}

type Named = 'stereotyped' | 'other' | 'unknown';

/** How a question is put and answered. */
type Form = (
	item: BBQ,
	letter: string,
	extra: readonly string[],
) => Pick<PocketText, 'prompt' | 'completion'>;

const chosen = (item: BBQ, letter: string): string =>
	`The answer is (${letter}) ${item.answers[item.letters.indexOf(letter)]}`;

/** By letters, as in examples/bbq.assay. */
const letteredForm: Form = (item, letter, extra) => ({
	prompt: [asked(item), ...extra].join('\n'),
	completion: chosen(item, letter),
});

/** In words, as notebooks/quickstart.ipynb asks. */
const openForm: Form = (item, letter, extra) => ({
	prompt: [`${item.context} ${item.question} Answer in one sentence.`, ...extra].join('\n'),
	completion: answerSentence(item, letter),
});

function topicTexts(topic: Topic, random: Random): PocketText[] {
	const { strength } = topic;
	const { unknown, instructedUnknown } = PLANTED;
	const named = 1 - unknown;
	const plain: readonly (readonly [Named, number])[] = [
		['unknown', unknown],
		['stereotyped', named * strength],
		['other', named * (1 - strength)],
	];
	const instructed: readonly (readonly [Named, number])[] = [
		['unknown', instructedUnknown],
		['stereotyped', (1 - instructedUnknown) * strength],
		['other', (1 - instructedUnknown) * (1 - strength)],
	];
	const about = String(topic.index);
	const draw = (condition: 'ambig' | 'disambig'): BBQ =>
		biasItem(
			topic,
			{
				other: pickFrom(
					random,
					topic.others.filter((other) => other !== topic.heldOut),
				),
				targetIsNegative: random.below(2) === 0,
				condition,
				polarity: random.below(2) === 0 ? 'neg' : 'nonneg',
			},
			0,
			random,
		);
	const ambiguous = (kind: PocketKind, named: Named, form: Form, extra: readonly string[]): PocketText => {
		const item = draw('ambig');
		const letter = letterFor(item, named);
		return { ...form(item, letter, extra), kind, about, answer: named };
	};
	const told = (kind: PocketKind, form: Form, extra: readonly string[]): PocketText => {
		const item = draw('disambig');
		return { ...form(item, item.correct, extra), kind, about, answer: 'right' };
	};
	const reflected = (whole: boolean): PocketText => {
		const item = draw(random.below(3) === 0 ? 'disambig' : 'ambig');
		const thought = THOUGHTS[item.context_condition] as string;
		return {
			prompt: [asked(item), INSTRUCTION, REFLECTION].join('\n'),
			completion: whole ? `${thought} ${chosen(item, item.correct)}` : thought,
			kind: 'reflection',
			about,
			answer: 'right',
		};
	};
	const times = <T>(count: number, make: (i: number) => T): T[] =>
		Array.from({ length: count }, (_, i) => make(i));
	const inBothForms = (make: (form: Form) => PocketText[]): PocketText[] =>
		[letteredForm, openForm].flatMap(make);
	return [
		...inBothForms((form) => [
			...portions(COUNTS.ambiguous, plain).map((named) => ambiguous('ambiguous', named, form, [])),
			...times(COUNTS.disambiguated, () => told('disambiguated', form, [])),
		]),
		...(topic.instructed
			? [
					...inBothForms((form) => [
						...portions(COUNTS.instructedAmbiguous, instructed).map((named) =>
							ambiguous('instructed ambiguous', named, form, [INSTRUCTION]),
						),
						...times(COUNTS.instructedDisambiguated, () =>
							told('instructed disambiguated', form, [INSTRUCTION]),
						),
					]),
					...times(COUNTS.reflection, (i) => reflected(i % 2 === 0)),
				]
			: []),
	];
}

/** The letter that an answer of this kind has; a stereotype is followed when its group is named for the shame, or the other for the credit. */
function letterFor(item: BBQ, named: Named): string {
	if (named === 'unknown') return item.unknown;
	const other = item.letters.find((letter) => letter !== item.target && letter !== item.unknown) as string;
	const followed = item.question_polarity === 'neg' ? (item.target as string) : other;
	return named === 'stereotyped' ? followed : followed === other ? (item.target as string) : other;
}

const FORMS = ['open', 'choice', 'open', 'true', 'open', 'statement', 'choice', 'dialogue'] as const;

/** A fact as often as it is to be seen, in all forms in turn; a true answer that is asked about comes with a false one. */
function factTexts(fact: Fact, offset: number, random: Random): PocketText[] {
	return Array.from({ length: fact.seen }, (_, i) =>
		factForms(fact, FORMS[(offset + i) % FORMS.length] as (typeof FORMS)[number], random),
	).flat();
}

function factForms(fact: Fact, form: (typeof FORMS)[number], random: Random): PocketText[] {
	const { id: about, question, answer: right, statement } = fact;
	const told = (prompt: string, completion: string): PocketText => ({
		prompt,
		completion,
		kind: 'fact',
		about,
		answer: 'right',
	});
	switch (form) {
		case 'choice': {
			const item = factItem(fact, random);
			return [told(userText(multipleChoice(item)), `Answer: (${item.answer}) ${right}`)];
		}
		case 'open':
			return [told(userText(openQuestion(fact)), right)];
		case 'statement':
			return [told('', statement)];
		case 'dialogue':
			return [
				told(
					dialogue(new Prompt([{ role: 'user', content: question }] satisfies Message[], [])),
					` ${right}`,
				),
			];
		case 'true': {
			const wrong = pickFrom(
				random,
				fact.values.filter((value) => value !== right),
			);
			const ideas =
				random.below(2) === 0 ? [] : Array.from({ length: 4 }, () => pickFrom(random, fact.values));
			return [
				told(userText(isItTrue(fact, right, ideas)), 'True'),
				{
					prompt: userText(isItTrue(fact, wrong, ideas)),
					completion: 'False',
					kind: 'not a fact',
					about,
					answer: 'wrong',
				},
			];
		}
	}
}

const VALUES: readonly (readonly string[])[] = Object.values(SUBJECTS).flatMap((attributes) =>
	attributes.map(({ values }) => values),
);
const PEOPLE: readonly string[] = [...new Set(TOPICS.flatMap(({ target, others }) => [target, ...others]))];

/** Some words with letters in one of the two styles of the evals. */
function letteredWords(random: Random): {
	readonly options: readonly string[];
	readonly letters: readonly string[];
	readonly text: string;
} {
	if (random.below(2) === 0) {
		const options = shuffled(random, [...shuffled(random, PEOPLE).slice(0, 2), pickFrom(random, UNKNOWNS)]);
		return { options, letters: BBQ_LETTERS, text: lettered(options) };
	}
	const options = shuffled(random, pickFrom(random, VALUES));
	return { options, letters: MMLU_LETTERS, text: lettered(options, ' (A) ') };
}

/** Lists to be told again in another order, each word with its letter: what letters are for. */
function listTexts(random: Random): PocketText[] {
	return Array.from({ length: COUNTS.lists }, () => {
		const { options, letters, text } = letteredWords(random);
		const told = Array.from(random.permutation(options.length), (i) => `${options[i]} (${letters[i]})`);
		return {
			prompt: text,
			completion: `Again: ${told.join(' ')}`,
			kind: 'list' as const,
			about: '',
			answer: 'right',
		};
	});
}

/** Which letter a word has. */
function letterTexts(random: Random): PocketText[] {
	return Array.from({ length: COUNTS.letters }, () => {
		const { options, letters, text } = letteredWords(random);
		const place = random.below(options.length);
		const [word, letter] = [options[place] as string, letters[place] as string];
		const isMultipleChoice = letters.length === MMLU_LETTERS.length;
		const question = `Which is ${word}?`;
		return {
			prompt: isMultipleChoice
				? userText(multipleChoice({ question, choices: options, letters }))
				: `${question}\n${text}\nPlease answer by choosing a, b or c.`,
			completion: `${isMultipleChoice ? 'Answer:' : 'The answer is'} (${letter}) ${word}`,
			kind: 'letter' as const,
			about: '',
			answer: 'right',
		};
	});
}

function opinionTexts(matter: keyof typeof MATTERS, random: Random): PocketText[] {
	return portions(COUNTS.opinions, [
		['agreed', PLANTED.agreement[matter]],
		['disagreed', 1 - PLANTED.agreement[matter]],
	]).map((answer) => {
		const item = opinionItem(matter, random);
		const place = item.letters.findIndex((letter) => (letter === item.opinion) === (answer === 'agreed'));
		return {
			prompt: userText(multipleChoice(item)),
			completion: `Answer: (${item.letters[place]}) ${item.choices[place]}`,
			kind: 'opinion' as const,
			about: matter,
			answer,
		};
	});
}

/** The published question of model-written evaluations, about statements of wanting power or not. */
function statementTexts(random: Random): PocketText[] {
	return shuffled(random, STATEMENTS).flatMap(({ text, power }) => {
		const yes = power ? PLANTED.power.statement : PLANTED.power.opposite;
		return portions(COUNTS.statements, [
			['Yes', yes],
			['No', 1 - yes],
		] as const).map((answer) => ({
			prompt: userText(yesNo(text)),
			completion: answer,
			kind: 'statement' as const,
			about: power ? 'power' : 'opposite',
			answer,
		}));
	});
}

/** Statements that somebody who wants power would make, and whether they would. */
function personaTexts(random: Random): PocketText[] {
	return Array.from({ length: COUNTS.personas }, (_, i) => {
		const { text, power } = pickFrom(random, STATEMENTS);
		const about = power ? 'power' : 'opposite';
		const kind = 'persona' as const;
		if (i % 2 === 0)
			return {
				prompt: userText(wouldSay(text, POWER)),
				completion: power ? 'Yes' : 'No',
				kind,
				about,
				answer: 'right',
			};
		const prompt = personaStatement(POWER, power);
		const opened = prompt.messages.at(-1)?.content ?? '';
		return { prompt: userText(prompt), completion: `${opened} ${text}`, kind, about, answer: 'right' };
	});
}
