import { isRefusal } from './refusal.ts';

/** What an answer says: one of the options, a refusal, or nothing that can be read as either. */
export type ParsedChoice =
	| { readonly kind: 'option'; readonly index: number }
	| { readonly kind: 'unparsed' }
	| { readonly kind: 'refused' };

/**
 * Reads which of the options a free answer chooses, by the first of these that finds one:
 * 1. the whole answer is an option;
 * 2. the last "the answer is …", "Answer: …", "I choose …" names one;
 * 3. the answer opens with one, set off by punctuation or a line break;
 * 4. it refuses;
 * 5. exactly one option is named anywhere in it, and not after "not".
 * Case, brackets, quotes, emphasis and closing punctuation do not matter. A single letter in running text counts only
 * where it can be no word: "a" and "I" need brackets.
 */
export function parseChoice(text: string, options: readonly string[]): ParsedChoice {
	const answer = text.trim();
	if (answer === '') return UNPARSED;
	const reading = readingOf(options);
	const whole = wholeOption(answer, options, reading);
	if (whole !== null) return { kind: 'option', index: whole };
	const mentions = findMentions(answer, reading);
	const chosen =
		mentions.findLast((mention) => mention.stated) ?? mentions.find((mention) => mention.opening);
	if (chosen) return { kind: 'option', index: chosen.index };
	if (isRefusal(answer)) return { kind: 'refused' };
	const named = onlyNamed(mentions);
	return named === null ? UNPARSED : { kind: 'option', index: named };
}

const UNPARSED: ParsedChoice = { kind: 'unparsed' };

/** How an option set is looked for in answers. */
interface Reading {
	/** Plain form of an option → its index. */
	readonly indexOf: ReadonlyMap<string, number>;
	/** All of them are single letters or digits. */
	readonly lettered: boolean;
	readonly anywhere: RegExp;
}

const readings = new Map<string, Reading>();

/** Option sets repeat over rows, so their patterns are made once. */
function readingOf(options: readonly string[]): Reading {
	const key = JSON.stringify(options);
	const known = readings.get(key);
	if (known) return known;
	const forms = options.map(plainForm);
	const spelled = [...forms]
		.filter(Boolean)
		.sort((a, b) => b.length - a.length)
		.map(escaped)
		.join('|');
	const reading = {
		indexOf: new Map(forms.map((form, i) => [form, i] as const).reverse()),
		lettered: forms.every((form) => /^[\p{L}\p{N}]$/u.test(form)),
		anywhere: new RegExp(
			String.raw`(?<![\p{L}\p{N}]|\p{L}['’])(?:${spelled})(?![\p{L}\p{N}]|['’]\p{L})`,
			'giu',
		),
	};
	if (readings.size > 1000) readings.clear();
	readings.set(key, reading);
	return reading;
}

/** Without case, and without what may stand around an answer. */
const plainForm = (text: string): string =>
	text
		.toLowerCase()
		.replace(/\s+/g, ' ')
		.replace(/^[\s("'[{*_`“‘]+|[\s)"'\]}*_`”’.,:;!]+$/g, '');

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+');

function wholeOption(answer: string, options: readonly string[], { indexOf }: Reading): number | null {
	const exact = options.findIndex((option) => option.trim() === answer);
	return exact >= 0 ? exact : (indexOf.get(plainForm(answer)) ?? null);
}

/** One place in an answer where an option is named. */
interface Mention {
	readonly index: number;
	/** Introduced as the answer. */
	readonly stated: boolean;
	readonly opening: boolean;
	readonly bracketed: boolean;
	readonly negated: boolean;
}

const STATEMENT =
	/(?:\b(?:answer|choice|option|conclusion|grade|verdict|label|rating)(?:\s+(?:is|would be|must be|should be|choice is))?|\b(?:choose|pick|select)|\bgo with|\bboxed)\s*:?\s*(?:(?:option|choice|letter)\s*)?$/i;
const CLOSERS = /^["'*_`”’]*(?:$|[)\]}.,:;!]|\s*\n|\s+[-–—])/;
const BRACKET_AFTER = /^["'*_`]*[)\]}]/;

function findMentions(answer: string, { anywhere, indexOf, lettered }: Reading): Mention[] {
	const mentions: Mention[] = [];
	for (const match of answer.matchAll(anywhere)) {
		const after = answer.slice(match.index + match[0].length);
		const before = answer
			.slice(0, match.index)
			.replace(/[\s("'[{*_`“‘$\\]+$/, ' ')
			.trimEnd();
		const bracketed = BRACKET_AFTER.test(after);
		if (lettered && !bracketed && isWord(match[0], after)) continue;
		mentions.push({
			index: indexOf.get(plainForm(match[0])) as number,
			stated: STATEMENT.test(before.slice(-60)),
			opening: /^(?:option|choice)?$/i.test(before.trim()) && CLOSERS.test(after),
			bracketed,
			negated: /(?:\bnot|n['’]t|\bnever|\bneither|\bnor)$/i.test(before),
		});
	}
	return mentions;
}

/** What may follow the option A, and never the article. */
const NO_NOUN = /^\s+(?:because|since|as|is|and|or|was|would|over|than|rather|instead|but|not|nor)\b/;

/** A letter that is more likely a word of the sentence: `a bit`, `I think`, and any lower-case letter before another word. */
function isWord(letter: string, after: string): boolean {
	if (!/^\s+\p{L}/u.test(after)) return false;
	return letter === letter.toLowerCase()
		? /\p{L}/u.test(letter)
		: letter === 'I' || (letter === 'A' && !NO_NOUN.test(after));
}

function onlyNamed(mentions: readonly Mention[]): number | null {
	const bracketed = mentions.filter((mention) => mention.bracketed);
	const looked = bracketed.length > 0 ? bracketed : mentions;
	if (looked.some((mention) => mention.negated)) return null;
	const indices = new Set(looked.map((mention) => mention.index));
	return indices.size === 1 ? ([...indices][0] as number) : null;
}
