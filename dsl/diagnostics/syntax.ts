import { entry } from './entry.ts';
import { type Hint, hints, hintText } from './hints.ts';

/** What stops the reading of a program. */
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
};

const functionWords = new Set(['def', 'function', 'fn', 'func', 'fun', 'class', 'lambda']);
