import { entry } from './entry.ts';

/** Texts, numbers and characters that cannot be read. */
export const tokens = {
	A0004: entry({
		severity: 'error',
		title: 'A text is never closed',
		message: () => 'this text has no closing `"` on its line',
		label: () => 'it begins here',
		help: () => 'close it with `"`; a text of several lines stands between `"""`',
		explain: {
			text: 'A text in single `"` ends on its line. For a text of several lines there are blocks, between `"""`, whose common indentation is removed.',
			wrong: 'let greeting = "Hello\nlet n = 2',
			right: 'let greeting = "Hello"\nlet n = 2',
		},
	}),
	A0005: entry({
		severity: 'error',
		title: 'A hole in a text is never closed',
		message: () => 'this `{` begins a hole in the text and has no `}`',
		help: () => 'close the hole with `}`, or write `\\{` for a brace that is part of the text',
		explain: {
			text: 'Inside a text, `{expr}` is a hole that is filled with the value of the expression. It closes before the text does, and in a text with single `"` on the same line. A brace that is only a character is written `\\{`.',
			wrong: 'let line = "The answer is {1 + 2"',
			right: 'let line = "The answer is {1 + 2}"',
		},
	}),
	A0006: entry({
		severity: 'error',
		title: 'A block of text is never closed',
		message: () => 'this `"""` has no closing `"""`',
		label: () => 'the block begins here',
		explain: {
			text: 'A block of text begins with `"""` and ends with the next `"""`.',
			wrong: 'let poem = """\n  Roses are red,',
			right: 'let poem = """\n  Roses are red,\n  """',
		},
	}),
	A0007: entry<{ character: string }>({
		severity: 'error',
		title: 'An unknown escape',
		message: ({ character }) => `\`\\${character}\` is not an escape`,
		help: () =>
			'the escapes are `\\"`, `\\\\`, `\\n`, `\\t`, `\\{` and `\\}`; a backslash itself is written `\\\\`',
		explain: {
			text: 'A backslash in a text begins one of the escapes `\\"`, `\\\\`, `\\n`, `\\t`, `\\{` and `\\}`. Any other character may be written as it is.',
			wrong: 'let pattern = "\\d+"',
			right: 'let pattern = "\\\\d+"',
		},
	}),
	A0008: entry<{ character: string; word: boolean }>({
		severity: 'error',
		title: 'A character that means nothing here',
		message: ({ character, word }) =>
			word ? `\`${character}\` cannot be a name` : `${visible(character)} means nothing here`,
		help: ({ character, word }) =>
			word
				? 'names are made of the letters A to Z, digits and `_`'
				: (strayHelp[character] ?? 'remove it; inside a text any character may stand'),
		explain: {
			text: 'Outside texts and comments a program consists of names in the letters A to Z, numbers, and the signs of the language.',
			wrong: 'let größe = 3',
			right: 'let size = 3',
		},
	}),
	A0009: entry<{ raw: string; suffix: string; suggestion: string | null }>({
		severity: 'error',
		title: 'An unknown unit after a number',
		message: ({ suffix, raw }) =>
			raw.startsWith('$') ? `money has no unit \`${suffix}\`` : `\`${suffix}\` is not a unit of numbers`,
		help: ({ suggestion, raw }) =>
			suggestion !== null
				? `write \`${raw.slice(0, raw.length - suffixLength(raw))}${suggestion}\``
				: 'the units are `k`, `M`, `%`, and of time `ms`, `s`, `min`, `h`, `d`',
		explain: {
			text: 'A number may end in `k` (thousand), `M` (million) or `%`, and is a duration with `ms`, `s`, `min`, `h` or `d`. Money begins with `$`. A name does not begin with a digit.',
			wrong: 'let timeout = 30sec',
			right: 'let timeout = 30s',
		},
	}),
	A0010: entry<{ raw: string }>({
		severity: 'error',
		title: 'A misplaced underscore in a number',
		message: ({ raw }) => `the \`_\` in \`${raw}\` does not stand between two digits`,
		explain: {
			text: 'An underscore may part the digits of a number, one at a time and only between digits.',
			wrong: 'let n = 1__000',
			right: 'let n = 1_000',
		},
	}),
	A0011: entry<{ raw: string }>({
		severity: 'error',
		title: 'A number that is too large',
		message: ({ raw }) => `\`${raw}\` is larger than any number`,
		help: () => 'the largest is about 1.8e308',
		explain: {
			text: 'Numbers are 64-bit floating point, of which the largest is about 1.8e308.',
			wrong: 'let n = 1e999',
			right: 'let n = 1e300',
		},
	}),
	A0012: entry<{ raw: string }>({
		severity: 'error',
		title: 'A fraction without its zero',
		message: ({ raw }) => `a number begins with a digit: write \`0${raw}\``,
		explain: {
			text: 'A number begins with a digit, so that `.` is only ever the sign before a member.',
			wrong: 'let p = .5',
			right: 'let p = 0.5',
		},
	}),
	A0029: entry({
		severity: 'error',
		title: 'An empty hole',
		message: () => 'this hole is empty',
		help: () => 'put an expression into it, or write `\\{\\}` for two braces',
		explain: {
			text: 'Inside a text, braces hold an expression whose value fills the place. Braces that are characters are written `\\{` and `\\}`.',
			wrong: 'let json = "{}"',
			right: 'let json = "\\{\\}"',
		},
	}),
	A0030: entry({
		severity: 'error',
		title: 'A comment in a hole',
		message: () => 'a comment cannot stand inside a hole of a text',
		help: () => 'put it above, or write `\\{` where the brace is part of the text',
		explain: {
			text: 'A hole of a text holds an expression only.',
			wrong: 'let line = """\n  {1 # one\n  }\n  """',
			right: '# one\nlet line = """\n  {1}\n  """',
		},
	}),
	A0044: entry({
		severity: 'error',
		title: 'A closing brace in a text',
		message: () => 'this `}` closes no hole of the text',
		help: () => 'open the hole with `{`, or write `\\}` for a brace that is part of the text',
		explain: {
			text: 'Inside a text, `{expr}` is a hole that is filled with the value of the expression. Braces that are characters are written `\\{` and `\\}`.',
			wrong: 'let line = "the answer is 1 + 2}"',
			right: 'let line = "the answer is {1 + 2}"',
		},
	}),
};

const strayHelp: Readonly<Record<string, string>> = {
	$: 'money is written `$5`, and a hole of a text `{expr}`',
	'%': 'a percentage is written `5%`, without a space; there is no remainder operator',
	'^': 'there is no power operator',
	'@': 'there are no decorators',
	'&': 'write `and`',
	"'": 'texts stand between `"`',
	'\\': 'an expression goes on over line breaks by itself',
};

/** Characters that cannot be seen are named by their number. */
const visible = (character: string): string =>
	/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
		? `\`${character}\``
		: `the invisible character U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;

const suffixLength = (raw: string): number =>
	raw.length - (/^\$?[\d_.]*(?:[eE][+-]?\d+)?/.exec(raw)?.[0].length ?? 0);
