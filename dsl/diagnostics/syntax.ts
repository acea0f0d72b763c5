import { entry } from './entry.ts';
import { type Hint, hints, hintText } from './hints.ts';

/** What stops the reading of a program, and the slips that are read as what was meant. */
export const syntax = {
	A0001: entry<{ expected: string; after: string | null; found: string; hint?: Hint | null }>({
		severity: 'error',
		title: 'Something is missing here',
		message: ({ expected, after }) => `expected ${expected}${after === null ? '' : ` after ${after}`}`,
		label: ({ found }) => `found ${found}`,
		help: ({ hint }) => hintText(hint),
		explain: {
			text: 'The program stops making sense at the marked place. The message says what can stand there and after what; most often a value, a name or a sign was left out just before.',
			wrong: 'let n =\nlet m = 3',
			right: 'let n = 2\nlet m = 3',
		},
	}),
	A0002: entry<{ closers: string; openers: readonly string[] }>({
		severity: 'error',
		title: 'A bracket is never closed',
		message: ({ closers, openers }) =>
			openers.length === 1
				? `\`${closers}\` is missing: this \`${openers[0]}\` is never closed`
				: `\`${closers}\` are missing: these brackets are never closed`,
		label: ({ closers }) => `\`${closers}\` is expected by here`,
		also: ({ openers }) => openers.map((opener) => `this \`${opener}\` is never closed`),
		explain: {
			text: 'Every `(`, `[` and `{` needs its closer. Where one is missing, the place is guessed from the layout: before the next declaration, or before the next line that is no deeper than the line of the opener.',
			wrong: 'let a = length([1, 2, 3]\nlet b = 2',
			right: 'let a = length([1, 2, 3])\nlet b = 2',
		},
	}),
	A0003: entry<{ closer: string }>({
		severity: 'error',
		title: 'A closing bracket without an opener',
		message: ({ closer }) => `this \`${closer}\` closes nothing`,
		help: () => 'remove it, or put its opener where it belongs',
		explain: {
			text: 'A `)`, `]` or `}` stands where nothing is open: it is left over, or its opener was forgotten.',
			wrong: 'let a = length([1, 2, 3]))',
			right: 'let a = length([1, 2, 3])',
		},
	}),
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
	A0013: entry<{ first: string; second: string }>({
		severity: 'error',
		title: 'A chain of comparisons',
		message: ({ first, second }) =>
			`comparisons do not chain: \`${second}\` would compare the answer of \`${first}\``,
		also: () => ['the first comparison'],
		help: () => 'join them with `and`: `a < b and b < c`',
		explain: {
			text: 'A comparison gives true or false, which the next comparison would then compare. Two comparisons are joined with `and`.',
			wrong: 'let inside = 0 < 1 < 2',
			right: 'let inside = 0 < 1 and 1 < 2',
		},
	}),
	A0014: entry<{ opener: string }>({
		severity: 'error',
		title: 'A text in other quotes',
		message: ({ opener }) => `texts stand between \`"\`, not between \`${opener}\``,
		explain: {
			text: 'A text stands between `"`, and a block of several lines between `"""`.',
			wrong: "let name = 'Ada'",
			right: 'let name = "Ada"',
		},
	}),
	A0015: entry<{ written: string }>({
		severity: 'error',
		title: 'A comment in another style',
		message: ({ written }) => `a comment begins with \`#\`, not with \`${written}\``,
		explain: {
			text: 'A comment begins with `#` and goes to the end of its line; with `##` it documents the declaration or field below.',
			wrong: '// the number of items\nlet n = 3',
			right: '# the number of items\nlet n = 3',
		},
	}),
	A0016: entry({
		severity: 'error',
		title: 'A semicolon',
		message: () => 'no semicolon is needed: a declaration ends where the next begins',
		explain: {
			text: 'Declarations and fields are not terminated. Items of lists and arguments are separated by commas.',
			wrong: 'let n = 3;',
			right: 'let n = 3',
		},
	}),
	A0017: entry<{ written: string; write: string }>({
		severity: 'error',
		title: 'An operator of another language',
		message: ({ written, write }) => `\`${written}\` is written \`${write}\``,
		explain: {
			text: 'The operators are `and`, `or`, `not`, `in`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `+`, `-`, `*`, `/`, `..`, `to`, `|>` and `±`.',
			wrong: 'let ok = true && false',
			right: 'let ok = true and false',
		},
	}),
	A0018: entry<{ written: string; write: string }>({
		severity: 'error',
		title: 'A constant of another language',
		message: ({ written, write }) => `\`${written}\` is written \`${write}\``,
		explain: {
			text: 'The constants are `true`, `false` and `none`, the missing value.',
			wrong: 'let answer = None',
			right: 'let answer = none',
		},
	}),
	A0019: entry<{ name: string }>({
		severity: 'error',
		title: 'A `:` in the place of `=`',
		message: ({ name }) => `\`${name}\` gets its value with \`=\`, not with \`:\``,
		help: () => 'declarations and fields are written with `=`, records and named arguments with `:`',
		explain: {
			text: 'Declarations and the fields of an eval, a table or a train are written with `=`. Records and named arguments are written with `:`.',
			wrong: 'let n: 3',
			right: 'let n = 3',
		},
	}),
	A0020: entry<{ name: string }>({
		severity: 'error',
		title: 'An `=` in the place of `:`',
		message: ({ name }) => `\`${name}\` is followed by \`:\` here, not by \`=\``,
		help: ({ name }) =>
			`records and named arguments are written \`${name}: …\`; a comparison is written \`==\``,
		explain: {
			text: 'Records and named arguments are written with `:`. Declarations and fields are written with `=`, and a comparison with `==`.',
			wrong: 'let point = {x: 1, y = 2}',
			right: 'let point = {x: 1, y: 2}',
		},
	}),
	A0021: entry({
		severity: 'error',
		title: 'An `=` in a condition',
		message: () => '`=` gives a name its value; a comparison is written `==`',
		explain: {
			text: 'A condition compares with `==`. A single `=` is how a declaration or a field gets its value.',
			wrong: 'let x = 2\nlet sign = if x = 2 then 1 else 0',
			right: 'let x = 2\nlet sign = if x == 2 then 1 else 0',
		},
	}),
	A0022: entry<{ next: string; newline: boolean }>({
		severity: 'error',
		title: 'A missing comma',
		message: ({ next }) => `a comma is missing before ${next.length <= 24 ? `\`${next}\`` : 'this'}`,
		explain: {
			text: 'Items of a list, fields of a record and arguments of a call are separated by commas, also across lines.',
			wrong: 'let sizes = [1 2, 3]',
			right: 'let sizes = [1, 2, 3]',
		},
	}),
	A0023: entry<{ found: string; after: string | null; hint?: Hint | null }>({
		severity: 'error',
		title: 'Something is left over',
		message: ({ found, after }) =>
			after === null ? `${found} cannot stand here` : `${found} cannot follow ${after}`,
		help: ({ hint }) =>
			hintText(hint) ??
			'an operator may be missing between them, or a comma, or it belongs to a declaration of its own',
		explain: {
			text: 'What stands before the marked place is complete, and what follows neither continues it nor begins something new.',
			wrong: 'let n = 3 4',
			right: 'let n = 3 + 4',
		},
	}),
	A0024: entry<{ how: 'nested' | 'long'; limit: number }>({
		severity: 'error',
		title: 'An expression that is too deep',
		message: ({ how, limit }) =>
			how === 'nested'
				? `this is nested more than ${limit} levels deep`
				: `this expression is a chain of more than ${limit} steps`,
		help: () => 'name a part of it with `let`',
		explain: {
			text: 'Brackets, lambdas and `if`s may be nested 64 levels deep, and chains of operators, pipes and members be 300 steps long. Naming parts with `let` keeps below that.',
			wrong: `let n = ${'('.repeat(70)}1${')'.repeat(70)}`,
			right: 'let n = ((1))',
		},
	}),
	A0025: entry<{ name: string }>({
		severity: 'error',
		title: 'A value without a keyword',
		message: ({ name }) => `\`${name} =\` is not a declaration`,
		help: ({ name }) =>
			`write \`let ${name} = …\`, or \`data\`, \`model\`, \`table\` or \`figure\` for one of those`,
		explain: {
			text: 'At the top of a program every line begins with a keyword that says what is declared. Only fields inside `eval`, `table` and `train` begin with their name.',
			wrong: 'n = 3',
			right: 'let n = 3',
		},
	}),
	A0026: entry({
		severity: 'error',
		title: 'A function written in another style',
		message: () => 'a function is written `x => …` or `(x, y) => …`',
		explain: {
			text: 'A function in an expression is its parameters, `=>` and its result. `->` belongs to types only.',
			wrong: 'let double = x -> 2 * x',
			right: 'let double = x => 2 * x',
		},
	}),
	A0027: entry<{ opener: string; target: string }>({
		severity: 'error',
		title: 'A call or an index on the next line',
		message: ({ opener }) =>
			opener === '('
				? "a call's `(` must stand on the line of what it calls"
				: "an index's `[` must stand on the line of what it applies to",
		also: ({ target }) => [`does this belong to ${target}?`],
		explain: {
			text: "Newlines do not matter but for this: a call's `(` and an index's `[` stand on the same line as what they apply to, so that a line can begin with a bracket of its own.",
			wrong: 'let how_many = length\n  ([1, 2, 3])',
			right: 'let how_many = length(\n  [1, 2, 3]\n)',
		},
	}),
	A0028: entry<{ word: string }>({
		severity: 'error',
		title: 'A reserved word as a name',
		message: ({ word }) => `\`${word}\` is a word of the language and cannot be a name`,
		help: ({ word }) => `choose another name, such as \`${word}_\``,
		explain: {
			text: 'The words `and`, `or`, `not`, `in`, `if`, `then`, `else`, `for`, `true`, `false` and `none` are reserved. All other keywords may be names too.',
			wrong: 'let in = 3',
			right: 'let inside = 3',
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
	A0031: entry<{ role: string; sign?: string }>({
		severity: 'error',
		title: 'A message without its text',
		message: ({ role }) => `\`${role}\` begins a message and needs a text right after it`,
		help: ({ role, sign }) =>
			sign === undefined
				? `for a value, use a hole: \`${role} "{…}"\``
				: `write \`${role} "…"\`, without \`${sign}\``,
		explain: {
			text: 'A message is `system`, `user` or `assistant` followed by a text. A value gets into it through a hole.',
			wrong: 'prompt ask(question: Text) { user question }',
			right: 'prompt ask(question: Text) { user "{question}" }',
		},
	}),
	A0032: entry<{ named: string }>({
		severity: 'error',
		title: 'An argument by position after a named one',
		message: () => 'an argument without a name comes before those with names',
		also: ({ named }) => [`\`${named}\` is named`],
		explain: {
			text: 'In a call, arguments by position come first and named ones after them.',
			wrong: 'let line = join(separator: ", ", ["a", "b"])',
			right: 'let line = join(["a", "b"], separator: ", ")',
		},
	}),
	A0033: entry<{ found: string }>({
		severity: 'error',
		title: 'An `if` without `else`',
		message: () => 'this `if` has no `else`',
		label: ({ found }) => `expected \`else\`, found ${found}`,
		also: () => ['the `if`'],
		help: () =>
			'an `if` is a value, so it says both: `if c then a else b`; where there is none, write `else none`',
		explain: {
			text: '`if c then a else b` is an expression and has a value in both cases. A further case is written `else if`.',
			wrong: 'let x = 1\nlet n = if x > 0 then 1',
			right: 'let x = 1\nlet n = if x > 0 then 1 else 0',
		},
	}),
	A0034: entry<{ found: string; hint?: Hint | null }>({
		severity: 'error',
		title: 'No declaration begins like this',
		message: ({ found }) => `a declaration cannot begin with ${found}`,
		help: ({ hint }) =>
			hintText(hint) ??
			'a program is a list of declarations: `study`, `use`, `param`, `let`, `data`, `model`, `prompt`, `constitution`, `network`, `train`, `eval`, `table`, `figure`',
		explain: {
			text: 'A program is a list of declarations, each of which begins with its keyword. A bare expression is given a name with `let`.',
			wrong: '1 + 2',
			right: 'let three = 1 + 2',
		},
	}),
	A0035: entry<{ word: string; suggestion: string | null }>({
		severity: 'error',
		title: 'An unknown keyword',
		message: ({ word }) => `\`${word}\` does not begin a declaration`,
		help: ({ word, suggestion }) =>
			functionWords.has(word)
				? 'a function is written `let f = x => …`, or in TypeScript and brought in with `use f from "./f.ts"`'
				: word === 'import'
					? hints.import
					: suggestion !== null
						? `did you mean \`${suggestion}\`?`
						: 'the keywords are `study`, `use`, `param`, `let`, `data`, `model`, `prompt`, `constitution`, `network`, `train`, `eval`, `table` and `figure`',
		explain: {
			text: 'Every declaration begins with one of `study`, `use`, `param`, `let`, `data`, `model`, `prompt`, `constitution`, `network`, `train`, `eval`, `table` and `figure`.',
			wrong: 'modle m = gguf("smollm2-135m-instruct")',
			right: 'model m = gguf("smollm2-135m-instruct")',
		},
	}),
	A0036: entry<{ clause: string; place: 'table' | 'train' }>({
		severity: 'error',
		title: 'A clause that belongs in an eval',
		message: ({ clause, place }) => `\`${clause}\` belongs in an eval, not in a ${place}`,
		help: ({ place }) =>
			place === 'table'
				? 'the rows of a table are groups of its source: `table T = from E by a { … }`; filter with `E |> where(…)`'
				: null,
		explain: {
			text: '`for`, `where` and `repeat` say what the rows of an eval are. A table takes the rows of its source, grouped by what stands after `by`.',
			wrong:
				'eval e { for x in 1..9 large = x > 4 }\ntable t = from e by large { for y in 1..2 n = count(x) }',
			right:
				'eval e { for x in 1..9 for y in 1..2 large = x > 4 }\ntable t = from e by large { n = count(x) }',
		},
	}),
	A0037: entry<{ name: string }>({
		severity: 'error',
		title: 'A name with `:` in a list',
		message: ({ name }) => `\`${name}:\` cannot stand in a list`,
		help: () => 'names with values make a record, in braces: `{a: 1, b: 2}`',
		explain: {
			text: 'A list holds values, in brackets. Names with values make a record, in braces.',
			wrong: 'let point = [x: 1, y: 2]',
			right: 'let point = {x: 1, y: 2}',
		},
	}),
	A0038: entry({
		severity: 'error',
		title: 'Several types in parentheses',
		message: () => 'types in parentheses are the parameters of a function: `->` and its result are missing',
		explain: {
			text: '`(A, B) -> C` is the type of a function. There are no tuples: a record names its parts.',
			wrong: 'param pair: (Number, Text) = {n: 1, s: "a"}',
			right: 'param pair: {n: Number, s: Text} = {n: 1, s: "a"}',
		},
	}),
	A0039: entry<{ key: string }>({
		severity: 'error',
		title: 'A quoted name in a record',
		message: ({ key }) =>
			`the names of a record are written without quotes${isName(key) ? `: \`${key}: …\`` : ''}`,
		explain: {
			text: 'The names of a record are written as they are, without quotes.',
			wrong: 'let point = {"x": 1}',
			right: 'let point = {x: 1}',
		},
	}),
	A0040: entry({
		severity: 'error',
		title: 'A question mark in an expression',
		message: () => '`?` belongs to types only',
		help: () => 'a choice between values is written `if c then a else b`',
		explain: {
			text: '`T?` is the type of a value that may be missing. A choice is written `if c then a else b`.',
			wrong: 'let n = true ? 1 : 2',
			right: 'let n = if true then 1 else 2',
		},
	}),
	A0041: entry({
		severity: 'error',
		title: 'A `not` after its operand',
		message: () => '`not` stands before what it denies: `not (a in b)`',
		explain: {
			text: '`not` is a prefix. It denies all of a comparison, so the parentheses may be left out: `not a in b`.',
			wrong: 'let n = 3 not in [1, 2]',
			right: 'let n = not 3 in [1, 2]',
		},
	}),
	A0042: entry({
		severity: 'error',
		title: 'A comprehension with a comma',
		message: () => 'a comprehension has one expression before its `for`, and nothing after its clauses',
		help: () => 'for several values per turn, make them a record: `[{a: f(x), b: g(x)} for x in xs]`',
		explain: {
			text: '`[f(x) for x in xs where p]` is a list of one value a turn.',
			wrong: 'let xs = [1, 2 for x in [1, 2]]',
			right: 'let xs = [{a: 1, b: 2} for x in [1, 2]]',
		},
	}),
	A0043: entry<{ name: string; keyword: string }>({
		severity: 'error',
		title: 'A type where none is written',
		message: ({ name, keyword }) => `\`${keyword} ${name}\` takes no type: its type is that of its value`,
		help: () => 'types are written on parameters: of `param`, `prompt` and `network`',
		explain: {
			text: 'Everything is inferred. Types may be written on the parameters of `param`, `prompt` and `network`.',
			wrong: 'let n: Number = 3',
			right: 'let n = 3',
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

const functionWords = new Set(['def', 'function', 'fn', 'func', 'fun', 'class', 'lambda']);

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

const isName = (key: string): boolean => /^[A-Za-z_]\w*$/.test(key);

const suffixLength = (raw: string): number =>
	raw.length - (/^\$?[\d_.]*(?:[eE][+-]?\d+)?/.exec(raw)?.[0].length ?? 0);
