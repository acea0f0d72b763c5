import { define, UserError } from '../define.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** Answers with letters in front, one a line: `style` is written before each, its first letter or digit counted on. */
export function lettered(answers: readonly string[], style = '(a) '): string {
	const marks = marksLike(style);
	if (answers.length > marks.length)
		throw new UserError(`there are ${answers.length} answers and ${marks.length} letters to mark them with`);
	return answers.map((answer, i) => `${marks[i]}${answer}`).join('\n');
}

/** `(a) ` gives `(a) `, `(b) `, …; ` (A) ` and `1. ` likewise. */
function marksLike(style: string): readonly string[] {
	const place = style.search(/[A-Za-z0-9]/);
	const first = style[place];
	if (first !== 'a' && first !== 'A' && first !== '1') {
		throw new UserError(
			`style must show the first mark with an a, A or 1, found ${JSON.stringify(style)}`,
			'write style: "(a) " or "1. "',
		);
	}
	const signs =
		first === '1'
			? Array.from(ALPHABET, (_, i) => String(i + 1))
			: Array.from(first === 'A' ? ALPHABET.toUpperCase() : ALPHABET);
	return signs.map((sign) => style.slice(0, place) + sign + style.slice(place + 1));
}

interface LetteredArgs {
	readonly answers: readonly string[];
	readonly style?: string;
}

export const letteredDefinition = define({
	name: 'lettered',
	signature: 'lettered(answers: List<Text>, style: Text = "(a) ") -> Text',
	doc: 'Answers one a line with a letter or number in front: `style` shows the first mark, "(a) ", " (A) " or "1. ".',
	example: 'lettered(x.answers)',
	version: 1,
	run: ({ answers, style }: LetteredArgs) => lettered(answers, style),
});
