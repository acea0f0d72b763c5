import { sideOf } from './simulated-statements.ts';

/**
 * What the simulated responder knows about a question: read from the values that its prompt was made from, never from
 * another request. Rows are recognised by their fields, as the data sets of this library write them.
 */
export type AnswerKey =
	| { readonly kind: 'answer'; readonly correct: number; readonly stereotype: Stereotype | null }
	/** The answer that matches the behaviour an item tests: in the sycophancy sets, the user's own view. */
	| { readonly kind: 'view'; readonly matching: number }
	| { readonly kind: 'none' };

/** A BBQ item's three answers by what they say (Parrish et al. 2022). */
export interface Stereotype {
	readonly biased: number;
	readonly other: number;
	readonly unknown: number;
	readonly ambiguous: boolean;
}

/** The answers that a row offers, and which of them is right. */
export interface Candidates {
	readonly letters: readonly string[];
	readonly texts: readonly string[];
	readonly correct: number;
}

type Row = Readonly<Record<string, unknown>>;

const NONE: AnswerKey = { kind: 'none' };

export function answerKey(subjects: readonly unknown[], options: readonly string[]): AnswerKey {
	const graded = gradingOf(subjects);
	if (graded) return gradeKey(graded, options);
	const row = rowOf(subjects);
	if (!row) return statementKey(subjects, options);
	if (row.answer_matching_behavior !== undefined) return viewKey(row.answer_matching_behavior, options);
	const candidates = candidatesOf(row);
	if (!candidates) return NONE;
	const proposal = proposalOf(subjects);
	const verdict = verdictOptions(options, proposal !== null);
	if (verdict) return verdictKey(candidates, proposal, verdict);
	const correct = optionFor(candidates, candidates.correct, options);
	if (correct < 0) return NONE;
	return { kind: 'answer', correct, stereotype: stereotypeOf(row, candidates, options) };
}

/** The key as text: what two requests of one wording differ in. */
export function keyText(key: AnswerKey): string {
	if (key.kind === 'none') return 'none';
	if (key.kind === 'view') return `view ${key.matching}`;
	const { correct, stereotype } = key;
	if (stereotype === null) return `answer ${correct}`;
	const { biased, other, unknown, ambiguous } = stereotype;
	return `answer ${correct} ${biased} ${other} ${unknown} ${ambiguous ? 'ambiguous' : 'disambiguated'}`;
}

/** What a judge is asked to grade. */
export interface Graded {
	readonly answer: string;
	readonly target: string | null;
	/** The grade of a right answer first, that of a wrong one last. */
	readonly labels: readonly string[];
}

export function gradingOf(subjects: readonly unknown[]): Graded | null {
	const found = subjects.find(
		(subject) => typeof subject === 'object' && subject !== null && (subject as Row).kind === 'grading',
	);
	return (found as Graded | undefined) ?? null;
}

/** A judge knows an answer by the reference that it is given, and without one it knows nothing. */
function gradeKey({ answer, target, labels }: Graded, options: readonly string[]): AnswerKey {
	if (target === null) return NONE;
	const grade = (same(answer, target) ? labels[0] : labels.at(-1)) as string;
	const correct = options.indexOf(grade);
	return correct < 0 ? NONE : { kind: 'answer', correct, stereotype: null };
}

/** The first row that has an answer to it. */
export function rowOf(subjects: readonly unknown[]): Row | null {
	for (const subject of subjects) {
		if (typeof subject !== 'object' || subject === null || Array.isArray(subject)) continue;
		const row = subject as Row;
		if (
			row.correct !== undefined ||
			row.answer !== undefined ||
			row.answer_text !== undefined ||
			row.answer_matching_behavior !== undefined
		) {
			return row;
		}
	}
	return null;
}

/** The first text beside the row: an answer that somebody proposes. */
export function proposalOf(subjects: readonly unknown[]): string | null {
	for (const subject of subjects) if (typeof subject === 'string') return subject;
	return null;
}

/** A row with letters and answers (BBQ, multiple choice), or with nothing but the text of its answer. */
export function candidatesOf(row: Row): Candidates | null {
	const letters = textList(row.letters);
	const texts = textList(row.answers) ?? textList(row.choices);
	const right = row.correct ?? row.answer;
	if (letters && typeof right === 'string') {
		const correct = letters.findIndex((letter) => same(letter, right));
		if (correct >= 0) return { letters, texts: texts ?? letters, correct };
	}
	if (texts && typeof right === 'number' && right >= 0 && right < texts.length)
		return { letters: texts, texts, correct: right };
	const answer = row.answer_text ?? right;
	if (typeof answer !== 'string') return null;
	return { letters: [answer], texts: [answer], correct: 0 };
}

function viewKey(matching: unknown, options: readonly string[]): AnswerKey {
	const accepted = typeof matching === 'string' ? [matching] : (textList(matching) ?? []);
	const index = options.findIndex((option) => accepted.some((answer) => same(option, answer)));
	return index < 0 ? NONE : { kind: 'view', matching: index };
}

/**
 * A statement that the responder wrote itself: whether a person with the behaviour would say it has an answer; whether
 * it would say so of itself is a matter of its leaning.
 */
function statementKey(subjects: readonly unknown[], options: readonly string[]): AnswerKey {
	for (const subject of subjects) {
		if (typeof subject !== 'object' || subject === null) continue;
		const { kind, statement } = subject as Row;
		const side = typeof statement === 'string' ? sideOf(statement) : null;
		const verdict = side === null ? null : verdictOptions(options, false);
		if (!verdict) continue;
		const index = side ? verdict.yes : verdict.no;
		if (kind === 'would-say') return { kind: 'answer', correct: index, stereotype: null };
		if (kind === 'yes-no') return { kind: 'view', matching: index };
	}
	return NONE;
}

/** Positions of "True" and "False", or "Yes" and "No"; of a proposed answer, any first option says that it is true. */
function verdictOptions(
	options: readonly string[],
	proposed: boolean,
): { readonly yes: number; readonly no: number } | null {
	if (options.length !== 2) return null;
	for (const [yes, no] of VERDICTS) {
		if (same(options[0] as string, yes) && same(options[1] as string, no)) return { yes: 0, no: 1 };
		if (same(options[0] as string, no) && same(options[1] as string, yes)) return { yes: 1, no: 0 };
	}
	return proposed ? { yes: 0, no: 1 } : null;
}

const VERDICTS = [
	['true', 'false'],
	['yes', 'no'],
] as const;

function verdictKey(
	candidates: Candidates,
	proposal: string | null,
	verdict: { readonly yes: number; readonly no: number },
): AnswerKey {
	if (proposal === null) return NONE;
	return {
		kind: 'answer',
		correct: proposesRight(candidates, proposal) ? verdict.yes : verdict.no,
		stereotype: null,
	};
}

function proposesRight({ letters, texts, correct }: Candidates, proposal: string): boolean {
	return same(proposal, letters[correct] as string) || same(proposal, texts[correct] as string);
}

/** Where candidate `i` stands among the options, by its letter or its text. */
function optionFor({ letters, texts }: Candidates, i: number, options: readonly string[]): number {
	const letter = letters[i] as string;
	const text = texts[i] as string;
	for (let o = 0; o < options.length; o++) {
		const option = options[o] as string;
		if (same(option, letter) || same(option, text)) return o;
	}
	return -1;
}

function stereotypeOf(row: Row, candidates: Candidates, options: readonly string[]): Stereotype | null {
	const target = candidateIndex(row.target, candidates);
	const unknown = candidateIndex(row.unknown, candidates);
	if (target < 0 || unknown < 0 || target === unknown || candidates.letters.length !== 3) return null;
	const other = 3 - target - unknown;
	const [biased, unbiased] = row.question_polarity === 'nonneg' ? [other, target] : [target, other];
	const at = (i: number): number => optionFor(candidates, i, options);
	const found = { biased: at(biased), other: at(unbiased), unknown: at(unknown) };
	if (found.biased < 0 || found.other < 0 || found.unknown < 0) return null;
	return { ...found, ambiguous: row.context_condition === 'ambig' };
}

function candidateIndex(value: unknown, { letters, texts }: Candidates): number {
	if (typeof value === 'number') return value;
	if (typeof value !== 'string') return -1;
	const byLetter = letters.findIndex((letter) => same(letter, value));
	return byLetter >= 0 ? byLetter : texts.findIndex((text) => same(text, value));
}

const textList = (value: unknown): readonly string[] | null =>
	Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string') ? value : null;

/** Equal but for case, outer spaces, brackets and closing punctuation: " (A)" is "a". */
const same = (left: string, right: string): boolean => left === right || plain(left) === plain(right);

const plainForms = new Map<string, string>();

function plain(text: string): string {
	const known = plainForms.get(text);
	if (known !== undefined) return known;
	const form = text.toLowerCase().replace(/^[\s("'[]+|[\s)"'\].,:;!?]+$/g, '');
	// Options repeat over rows, answers do not: the table stays small by starting over.
	if (plainForms.size > 10_000) plainForms.clear();
	plainForms.set(text, form);
	return form;
}
