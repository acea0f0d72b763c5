import { entry } from './entry.ts';
import { article, plain } from './wording.ts';

/** A02: values that do not fit where they stand. */
export const types = {
	A0205: entry<{ operator: string; left: string | null; right: string; help: string | null }>({
		severity: 'error',
		title: 'An operator between values that do not go together',
		message: (d) =>
			d.left === null
				? `\`${d.operator}\` does not work before ${article(d.right)}`
				: `\`${d.operator}\` does not work between ${d.left} and ${d.right}`,
		label: (d) => (d.left === null ? d.right : `${d.left} ${d.operator} ${d.right}`),
		help: (d) => d.help,
		explain: {
			text: 'Arithmetic is for numbers, durations and money; `+` also joins two texts, two lists, and a prompt with a message; `and`, `or` and `not` are for Bool; `in` looks into a list or a text.',
			wrong: 'let label = "n = " + 5',
			right: 'let label = "n = {5}"',
		},
	}),
	A0206: entry<{ first: string; other: string }>({
		severity: 'error',
		title: 'A list of different things',
		message: (d) => `a list holds values of one type, but this one has ${d.first} and ${d.other}`,
		label: (d) => d.other,
		also: (d) => [d.first],
		help: () => 'use a record `{name: value}` for different things',
		explain: {
			text: 'All items of a list have one type. Models in one list have the capabilities that all of them share. The values of a record that `for` goes over have one type as well.',
			wrong: 'let mixed = [1, "two"]',
			right: 'let mixed = ["1", "two"]',
		},
	}),
	A0207: entry<{ where: string; actual: string }>({
		severity: 'error',
		title: 'A condition that is not true or false',
		message: (d) => `${d.where} needs a Bool, but this is ${d.actual}`,
		label: (d) => d.actual,
		help: () => 'compare it with something, as in `x == "yes"` or `n > 0`',
		explain: {
			text: 'Numbers and texts are not conditions by themselves.',
			wrong: 'let n = 3\nlet size = if n then "some" else "none"',
			right: 'let n = 3\nlet size = if n > 0 then "some" else "none"',
		},
	}),
	A0208: entry<{ left: string; right: string; help: string | null }>({
		severity: 'error',
		title: 'A comparison that can never hold',
		message: (d) => `${d.left} and ${d.right} are never equal`,
		label: (d) => `${d.left} compared with ${d.right}`,
		help: (d) => d.help,
		explain: {
			text: 'Values of different types are different, so the comparison would always say the same. A Choice has `.best`; the variable of `for c in {A: …}` has `.name`.',
			wrong: 'let same = "1" == 1',
			right: 'let same = "1" == "{1}"',
		},
	}),
	A0211: entry<{ actual: string; help: string | null }>({
		severity: 'error',
		title: 'A value that cannot be put into a text',
		message: (d) => `${d.actual} cannot be put into a text`,
		label: (d) => d.actual,
		help: (d) => d.help ?? 'texts take Text, Number, Bool, Duration and Money',
		explain: {
			text: 'Only plain values are written into `{…}`; a list is joined first, a Choice has `.best`.',
			wrong: 'let names = ["a", "b"]\nlet line = "names: {names}"',
			right: 'let names = ["a", "b"]\nlet line = "names: {join(names, ", ")}"',
		},
	}),
	A0212: entry<{ then: string; else: string }>({
		severity: 'error',
		title: 'Branches of different types',
		message: (d) => `the branches of this \`if\` are ${d.then} and ${d.else}`,
		label: (d) => d.else,
		also: (d) => [d.then],
		help: () => 'both branches need one type; `none` stands for no value',
		explain: {
			text: 'An `if` has one type, whichever branch is taken.',
			wrong: 'let x = if true then 1 else "one"',
			right: 'let x = if true then "1" else "one"',
		},
	}),
	A0213: entry<{ actual: string }>({
		severity: 'error',
		title: 'Something that cannot be gone through',
		message: (d) => `\`for\` goes over data, lists and records, not over ${d.actual}`,
		label: (d) => d.actual,
		help: (d) =>
			d.actual === 'Number'
				? 'for a number of times, write a range such as `1..10`, or `repeat`'
				: d.actual.startsWith('Model')
					? 'for one model, put it into a list: `[…]`'
					: null,
		explain: {
			text: 'The source of `for` is a data set, an eval, a list, a range or a record; over a record the variable has a `.name`.',
			wrong: 'eval e { for i in 10 twice = 2 * i }',
			right: 'eval e { for i in 1..10 twice = 2 * i }',
		},
	}),
	A0218: entry<{ target: string; index: string; help: string | null }>({
		severity: 'error',
		title: 'An index of the wrong kind',
		message: (d) => `${d.target} cannot be indexed with ${d.index}`,
		label: (d) => d.index,
		help: (d) => d.help ?? 'a list takes a number (from 0) or a range, a Choice takes the text of an option',
		explain: {
			text: '`xs[0]` is the first item of a list, `xs[1..4]` a part of it; `p["Yes"]` the probability of an option.',
			wrong: 'let xs = [1, 2, 3]\nlet first = xs["0"]',
			right: 'let xs = [1, 2, 3]\nlet first = xs[0]',
		},
	}),
	A0224: entry<{ value: string }>({
		severity: 'error',
		title: 'A probability out of range',
		message: (d) => `${d.value} is not a probability: probabilities go from 0 to 1`,
		label: () => 'out of range',
		help: () => null,
		explain: {
			text: 'Probabilities are numbers from 0 to 1; `60%` is 0.6.',
			wrong: 'prompt p(chance: Prob) = user "{chance}"\nlet q = p(60)',
			right: 'prompt p(chance: Prob) = user "{chance}"\nlet q = p(60%)',
		},
	}),
	A0227: entry<{ field: string; inner: string; shown: string }>({
		severity: 'error',
		title: 'A field of a value that may be absent',
		message: (d) => `${d.shown} may be absent, so its field \`${d.field}\` may be too`,
		label: (d) => `${d.inner}?`,
		help: (d) => `say what to use instead: \`or_else(${plain(d.shown)}, …).${d.field}\``,
		explain: {
			text: 'A type with a question mark has values that are sometimes not there.',
			wrong: 'let point = if true then {x: 1} else none\nlet x = point.x',
			right: 'let point = if true then {x: 1} else none\nlet x = or_else(point, {x: 0}).x',
		},
	}),
	A0230: entry<{ shown: string }>({
		severity: 'error',
		title: 'A type is expected',
		message: (d) => `a type such as {id: Number, text: Text} is expected here, not \`${d.shown}\``,
		label: () => 'not a type',
		help: () => null,
		explain: {
			text: '`as:` says what the rows of a file are; it is written like an annotation.',
			wrong: 'data d = jsonl("rows.jsonl", as: "rows")',
			right: 'data d = jsonl("rows.jsonl", as: {id: Number, text: Text})',
		},
	}),
};
