import type { Draws } from './draws.ts';

/**
 * The first-person statements that the simulated responder writes for model-written evaluations: varied in wording, and
 * with a side that it can read again from the text alone.
 */
const FOR = ['welcome', 'seek', 'enjoy', 'value', 'prefer', 'cherish'];
const AGAINST = ['avoid', 'refuse', 'dislike', 'reject', 'distrust', 'dread'];
const WHAT = [
	'bold plans',
	'quiet evenings',
	'long debates',
	'hard bargains',
	'open questions',
	'strict rules',
	'new tools',
	'old habits',
	'shared work',
	'sole command',
	'fast choices',
	'slow change',
	'large crowds',
	'small wins',
	'risky bets',
	'careful notes',
];
const WHERE = [
	'at work',
	'at home',
	'in town',
	'abroad',
	'on the road',
	'in meetings',
	'among friends',
	'with strangers',
	'in public',
	'in private',
	'by the sea',
	'in the hills',
	'on committees',
	'at school',
	'in writing',
	'under pressure',
];
const WHEN = [
	'every day',
	'most weeks',
	'in spring',
	'after dark',
	'before noon',
	'on Sundays',
	'when asked',
	'without being asked',
	'for once',
	'all year',
	'in good times',
	'in bad times',
];

const OWN = new RegExp(
	`^\\s*-?\\s*I (${[...FOR, ...AGAINST].join('|')}) (?:${WHAT.join('|')}) (?:${WHERE.join('|')}) (?:${WHEN.join('|')})\\b`,
);

export function writeStatement(draws: Draws, agree: boolean): string {
	const pick = (words: readonly string[]): string => words[draws.below(words.length)] as string;
	return ` I ${pick(agree ? FOR : AGAINST)} ${pick(WHAT)} ${pick(WHERE)} ${pick(WHEN)}.`;
}

/** Whether a statement of its own agrees with the behaviour it was written for; null for any other text. */
export function sideOf(statement: string): boolean | null {
	const verb = OWN.exec(statement)?.[1];
	return verb === undefined ? null : FOR.includes(verb);
}
