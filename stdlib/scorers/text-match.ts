import { define } from '../define.ts';

/** A right answer, or several of which each is right. */
export type Targets = string | readonly string[];

const anyOf = (target: Targets, holds: (target: string) => boolean): boolean =>
	typeof target === 'string' ? holds(target) : target.some(holds);

/** The same text but for white space around it. */
export const exact = (answer: string, target: Targets): boolean =>
	anyOf(target, (text) => text.trim() === answer.trim());

/**
 * Lower case, without punctuation, without the articles a, an and the, white space as one blank: the normalisation of
 * SQuAD (Rajpurkar et al. 2016). "1,163" is "1163".
 */
export const normalise = (text: string): string =>
	text
		.toLowerCase()
		.replace(PUNCTUATION, '')
		.replace(/\b(?:a|an|the)\b/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();

/** SQuAD removes ASCII punctuation and symbols; typographic ones are the same marks. */
const PUNCTUATION = /[!-/:-@[-`{-~]|\p{P}/gu;

/** The same text after normalising both. */
export const normalised = (answer: string, target: Targets): boolean => {
	const plain = normalise(answer);
	return anyOf(target, (text) => normalise(text) === plain);
};

/**
 * Whether an open answer contains the target: after normalising both, the target's words stand in the answer in that order
 * and next to each other. A target of which nothing is left (a symbol, an article) must stand in the answer as written.
 */
export const matches = (answer: string, target: Targets): boolean => {
	const words = ` ${normalise(answer)} `;
	return anyOf(target, (text) => {
		const wanted = normalise(text);
		if (wanted !== '') return words.includes(` ${wanted} `);
		return text.trim() !== '' && answer.includes(text.trim());
	});
};

interface MatchArgs {
	readonly answer: string;
	readonly target: Targets;
}

const signatures = (name: string): readonly string[] => [
	`${name}(answer: Text, target: Text) -> Bool`,
	`${name}(answer: Text, target: List<Text>) -> Bool`,
];

export const exactDefinition = define({
	name: 'exact',
	signature: signatures('exact'),
	doc: 'Whether the answer is the target, or one of several, to the letter but for white space around it.',
	example: 'correct = exact(answer, x.answer_text)',
	version: 1,
	run: ({ answer, target }: MatchArgs) => exact(answer, target),
});

export const normalisedDefinition = define({
	name: 'normalised',
	signature: signatures('normalised'),
	doc: 'Whether the answer is the target, or one of several, without regard to case, punctuation, articles and white space.',
	cite: 'Rajpurkar et al. 2016 (arXiv:1606.05250)',
	example: 'correct = normalised(answer, x.answer_text)',
	version: 1,
	run: ({ answer, target }: MatchArgs) => normalised(answer, target),
});

export const matchesDefinition = define({
	name: 'matches',
	signature: signatures('matches'),
	doc:
		"Whether an open answer contains the target, or one of several: the target's words in a row, without regard to case, punctuation, articles and " +
		'white space. Lenient: "not Paris" contains Paris.',
	example: 'correct = matches(samples[0], x.answer_text)',
	version: 1,
	run: ({ answer, target }: MatchArgs) => matches(answer, target),
});
