import { entry } from './entry.ts';

/** A02: values that do not fit where they stand. */
export const types = {
	A0201: entry<{ shown: string; actual: string }>({
		severity: 'error',
		title: 'A call of something that is not a function',
		message: (d) => `\`${d.shown}\` is ${article(d.actual)}, so it cannot be called`,
		label: (d) => d.actual,
		help: (d) =>
			d.actual.startsWith('Model')
				? `a model is asked by its methods: \`${d.shown}.sample(…)\` or \`${d.shown}.choose(…)\``
				: 'only functions, prompts and networks are called with `(…)`',
		explain: {
			text: 'Parentheses after a name call it. To group, put the parentheses around the whole expression.',
			wrong: 'let n = 5\nlet m = n(2)',
			right: 'let n = 5\nlet m = n * (2)',
		},
	}),
	A0202: entry<{ fn: string; param: string; type: string }>({
		severity: 'error',
		title: 'A missing argument',
		message: (d) => `\`${d.fn}\` needs \`${d.param}\` (${d.type})`,
		label: (d) => `\`${d.param}\` is missing`,
		help: (d) => `write it as \`${d.param}: …\``,
		explain: {
			text: 'Parameters without a default, and not of an option type `T?`, must be given.',
			wrong: 'data d = mmlu(source: "miniature") |> stratified(by: subject)',
			right: 'data d = mmlu(source: "miniature") |> stratified(by: subject, n: 2)',
		},
	}),
	A0203: entry<{ fn: string; given: number; params: readonly string[] }>({
		severity: 'error',
		title: 'Too many arguments',
		message: (d) => `\`${d.fn}\` takes ${atMost(d.params.length)}, not ${d.given}`,
		label: () => 'one too many',
		help: (d) => (d.params.length > 0 ? `it takes ${d.params.join(', ')}` : null),
		explain: {
			text: 'With `|>` the value on the left counts as the first argument.',
			wrong: 'let n = length([1, 2], 3)',
			right: 'let n = length([1, 2])',
		},
	}),
	A0204: entry<{
		fn: string;
		param: string;
		expected: string;
		shown: string;
		actual: string;
		origin: string | null;
		help: string | null;
	}>({
		severity: 'error',
		title: 'An argument of the wrong type',
		message: (d) =>
			`\`${d.fn}\` needs ${article(d.expected)} for \`${d.param}\`, but ${d.shown} is ${d.actual}`,
		label: (d) => (d.origin ? `${d.actual}, from ${d.origin}` : d.actual),
		also: (d) => [d.origin ? `its value comes from here` : ''],
		help: (d) => d.help,
		explain: {
			text: 'Every parameter of a library function has a type; hovering shows it. A Prob is a Number, a T is a T?, a record may have more fields than asked for; nothing else converts by itself. Statistics of choices need the whole distribution: use `m.choose`, not `m.sample`.',
			wrong: 'let shout = upper(3)',
			right: 'let shout = upper("three")',
		},
	}),
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
	A0209: entry<{ fn: string; param: string; shown: string; inner: string }>({
		severity: 'error',
		title: 'A value that may be absent',
		message: (d) =>
			`\`${d.fn}\` needs ${article(d.inner)} for \`${d.param}\`, but ${d.shown} may be absent (${d.inner}?)`,
		label: (d) => `${d.inner}?`,
		help: (d) => `say what to use instead: \`or_else(${plain(d.shown)}, …)\``,
		explain: {
			text: 'A type with a question mark has values that are sometimes not there.',
			wrong: 'model m = simulated()\nlet big = sqrt(m.parameters)',
			right: 'model m = simulated()\nlet big = sqrt(or_else(m.parameters, 0))',
		},
	}),
	A0210: entry<{ method: string; capability: string; model: string; help: string | null }>({
		severity: 'error',
		title: 'A model that cannot do this',
		message: (d) =>
			`\`${d.method}\` needs a model that can ${capabilityWords(d.capability)}, and ${d.model} cannot`,
		label: (d) => `needs \`${d.capability}\``,
		also: () => ['the model is declared here'],
		help: (d) => d.help,
		explain: {
			text: 'What a model can do is part of its type: Model<sample, choose, logprob, embed, train>. A chat service that hides its token probabilities cannot score options by log-probability; it can be asked several times instead, with `by: sampling(n: 20)`.',
			wrong:
				'model m = anthropic("claude-haiku-4-5")\neval e { for i in 1..3 p = m.choose("Yes or no?", options: ["Yes", "No"], by: logprob) }',
			right:
				'model m = anthropic("claude-haiku-4-5")\neval e { for i in 1..3 p = m.choose("Yes or no?", options: ["Yes", "No"], by: sampling(n: 20)) }',
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
	A0214: entry<{ fn: string }>({
		severity: 'error',
		title: 'An aggregate outside a table',
		message: (d) => `\`${d.fn}\` summarises a column over many rows, so it belongs in a table`,
		label: () => 'there is only one row here',
		help: (d) => `write \`table t = from … { value = ${d.fn}(…) }\``,
		explain: {
			text: 'Functions with a parameter of type Column<T> read a whole column of the rows that a table groups.',
			wrong: 'eval e { for i in 1..3 m = mean(i) }',
			right: 'eval e { for i in 1..3 once = i }\ntable t = from e { m = mean(once) }',
		},
	}),
	A0215: entry<{ name: string; groups: readonly string[] }>({
		severity: 'error',
		title: "A row's column used as a group's value",
		message: (d) => `\`${d.name}\` has one value a row, but a table's column needs one value a group`,
		label: () => 'a column of the rows',
		help: (d) => `summarise it, as in \`mean(${d.name})\`, or group by it`,
		explain: {
			text: 'In a table, the grouping columns have one value a group; other columns of the source can be used only inside an aggregate.',
			wrong: 'eval e { for i in 1..3 once = i }\ntable t = from e { first = once }',
			right: 'eval e { for i in 1..3 once = i }\ntable t = from e { first = mean(once) }',
		},
	}),
	A0216: entry({
		severity: 'error',
		title: 'A grouping without a name',
		message: () => '`by` groups by columns and their fields',
		label: () => 'not a column',
		help: () => 'make it a field of the eval first, then group by that field',
		explain: {
			text: 'What a table is grouped by becomes a column under its own name, so it must be a name or a path such as `x.category`.',
			wrong: 'eval e { for i in 1..9 once = i }\ntable t = from e by once > 3 { m = mean(once) }',
			right:
				'eval e { for i in 1..9 once = i large = once > 3 }\ntable t = from e by large { m = mean(once) }',
		},
	}),
	A0217: entry<{ clause: string }>({
		severity: 'error',
		title: 'A clause below a field',
		message: (d) => `\`${d.clause}\` stands below a field; clauses say what a row is, so they come first`,
		label: () => 'a clause',
		help: () => "move it above the first field; to filter by a field's value, use `E |> where(…)`",
		explain: {
			text: 'The rows of an eval are known before its fields are computed. A clause cannot look at a field.',
			wrong: 'eval e { for i in 1..9 once = i where once > 3 }',
			right: 'eval e { for i in 1..9 where i > 3 once = i }',
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
	A0220: entry<{ column: string }>({
		severity: 'warning',
		title: 'A number without its uncertainty',
		message: (d) => `\`${d.column}\` combines aggregates, so its uncertainty is not known`,
		label: () => 'no interval',
		help: () => 'add `± bootstrap(2000)` to the whole expression',
		explain: {
			text: 'An aggregate carries its own interval, but a difference or ratio of aggregates needs a method of its own: the bootstrap computes the whole expression on resampled rows.',
			wrong: 'eval e { for i in 1..9 a = i b = 2 * i }\ntable t = from e { gap = mean(b) - mean(a) }',
			right:
				'eval e { for i in 1..9 a = i b = 2 * i }\ntable t = from e { gap = mean(b) - mean(a) ± bootstrap(2000) }',
		},
	}),
	A0222: entry<{ side: 'left' | 'right'; actual: string }>({
		severity: 'error',
		title: 'An uncertainty that does not fit',
		message: (d) =>
			d.side === 'left'
				? `\`±\` attaches an interval to an aggregate in a table, not to ${d.actual}`
				: `\`±\` is followed by a method such as \`bootstrap(2000)\`, not by ${d.actual}`,
		label: (d) => d.actual,
		help: (d) =>
			d.side === 'left'
				? null
				: 'the methods are `bootstrap(2000)` and `normal(0.95)`; an aggregate with an interval of its own, such as `wilson(…)`, needs none',
		explain: {
			text: '`aggregate ± method`: the methods are bootstrap(n, cluster: …) and normal(level).',
			wrong: 'eval e { for i in 1..9 once = i }\ntable t = from e { m = mean(once) ± 0.95 }',
			right: 'eval e { for i in 1..9 once = i }\ntable t = from e { m = mean(once) ± normal(0.95) }',
		},
	}),
	A0223: entry<{ keyword: string; name: string; expected: string; actual: string }>({
		severity: 'error',
		title: 'A declaration of the wrong kind',
		message: (d) => `\`${d.keyword} ${d.name}\` needs ${article(d.expected)}, but this is ${d.actual}`,
		label: (d) => d.actual,
		help: kindHelp,
		explain: {
			text: 'The keyword says what is declared: `data` a data set, `model` a model, `figure` a figure, `table` a table, `prompt` a prompt.',
			wrong: 'data d = 5',
			right: 'let d = 5',
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
	A0225: entry<{ name: string }>({
		severity: 'error',
		title: 'An argument given twice',
		message: (d) => `\`${d.name}\` is given twice`,
		label: () => 'given again',
		help: () => 'remove one of them (with `|>` the left side is the first argument)',
		explain: {
			text: 'Positional arguments fill the parameters from the left, so naming one of those again gives it twice.',
			wrong: 'let r = round(1.5, 0, digits: 1)',
			right: 'let r = round(1.5, digits: 1)',
		},
	}),
	A0226: entry<{ fn: string; param: string }>({
		severity: 'error',
		title: 'A function where columns are read',
		message: (d) => `\`${d.param}\` of \`${d.fn}\` is an expression over columns, not a function`,
		label: () => 'a function',
		help: () => 'write the body alone, with the names of the columns',
		explain: {
			text: 'Where a parameter is a function of a row, its argument is written as an expression in which the columns are names.',
			wrong: 'data d = mmlu(source: "miniature") |> where(x => x.subject == "anatomy")',
			right: 'data d = mmlu(source: "miniature") |> where(subject == "anatomy")',
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
	A0228: entry<{ count: number; wanted: string }>({
		severity: 'error',
		title: 'A function with the wrong number of parameters',
		message: (d) =>
			`this function takes ${d.count} parameter${d.count === 1 ? '' : 's'}, but ${d.wanted} is needed here`,
		label: () => 'wrong number of parameters',
		help: () => null,
		explain: {
			text: 'A lambda is written `x => …`, or `(x, y) => …`.',
			wrong: 'prompt p(f: Number -> Number) = user "{f(1)}"\nlet q = p((a, b) => a + b)',
			right: 'prompt p(f: Number -> Number) = user "{f(1)}"\nlet q = p(a => a + 1)',
		},
	}),
	A0229: entry<{ name: string }>({
		severity: 'error',
		title: 'A prompt without messages',
		message: (d) => `prompt \`${d.name}\` has no messages`,
		label: () => 'no messages',
		help: () => 'give it at least one: `user "…"`',
		explain: {
			text: 'A prompt is a list of system, user and assistant messages.',
			wrong: 'prompt p(x: Text) { }',
			right: 'prompt p(x: Text) { user "{x}" }',
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
	A0231: entry<{ name: string }>({
		severity: 'error',
		title: 'An eval without rows',
		message: (d) => `eval \`${d.name}\` does not say what a row is`,
		label: () => 'no `for` and no `repeat`',
		help: () => 'begin with `for x in …` or `repeat 10 as i`',
		explain: {
			text: 'The clauses of an eval say what a row is, its fields what the columns are.',
			wrong: 'eval e { once = 1 }',
			right: 'eval e { repeat 3 as i once = i }',
		},
	}),
	A0232: entry({
		severity: 'error',
		title: 'A type in the place of a value',
		message: () =>
			'what stands after `as:` in braces is read as a type, and this function takes a value here',
		label: () => 'a type',
		help: () => 'name the record with `let` first, or put it in parentheses',
		explain: {
			text: '`as: {…}` in a call is the type of rows, as in `jsonl("rows.jsonl", as: {id: Number})`. A function that has a parameter of that name and takes a record gets it in parentheses: `as: ({…})`.',
			wrong: 'prompt p(as: Text) { user "{as}" }\nlet m = p(as: {id: Text})',
			right: 'prompt p(as: Text) { user "{as}" }\nlet m = p(as: "x")',
		},
	}),
	A0233: entry<{ name: string }>({
		severity: 'error',
		title: 'A column in quotes',
		message: (d) => `columns are written without quotes: \`${d.name}\``,
		label: () => 'a text, the same for every row',
		explain: {
			text: 'Where an argument is read row by row, columns are names. A text there would be the same for every row.',
			wrong:
				'eval e { for i in 1..9 large = i > 4 }\ntable t = from e by large { m = mean(i) }\nfigure f = line(t, x: "large", y: m)',
			right:
				'eval e { for i in 1..9 large = i > 4 }\ntable t = from e by large { m = mean(i) }\nfigure f = line(t, x: large, y: m)',
		},
	}),
	A0234: entry<{ shown: string; option: string; near: string | null; options: readonly string[] }>({
		severity: 'error',
		title: 'An option that a Choice does not have',
		message: (d) => `\`${d.shown}\` has no option "${d.option}"`,
		label: () => 'not an option',
		help: (d) =>
			d.near
				? `did you mean "${d.near}"?`
				: `its options are ${d.options.map((option) => `"${option}"`).join(', ')}`,
		explain: {
			text: 'A Choice is indexed with one of the options that `choose` was given, written the same way.',
			wrong:
				'model m = simulated()\neval e { for i in 1..3 p = m.choose("Is it so?", options: ["Yes", "No"]) yes = p["yes"] }',
			right:
				'model m = simulated()\neval e { for i in 1..3 p = m.choose("Is it so?", options: ["Yes", "No"]) yes = p["Yes"] }',
		},
	}),
};

function kindHelp({ keyword, actual }: { keyword: string; actual: string }): string | null {
	if (keyword === 'model' && actual === 'Text')
		return 'say where it runs: `openai("…")`, `anthropic("…")` or `gguf("…")`';
	if (keyword === 'prompt') return 'say who speaks: `user "…"`';
	return ['data', 'model', 'figure', 'table'].includes(keyword) ? 'use `let` for other values' : null;
}

function atMost(count: number): string {
	if (count === 0) return 'no arguments';
	return count === 1 ? 'one argument' : `at most ${count} arguments`;
}

const MASS = /^(Text|Data|Any)\b/;
const VOWEL = /^[AEIOU]/;
function article(type: string): string {
	if (type.startsWith('{')) return `a record ${type}`;
	if (MASS.test(type)) return type;
	return `${VOWEL.test(type) ? 'an' : 'a'} ${type}`;
}

const plain = (shown: string): string => shown.replaceAll('`', '');

function capabilityWords(capability: string): string {
	if (capability === 'logprob') return 'return token log-probabilities';
	if (capability === 'choose') return 'choose between options';
	if (capability === 'sample') return 'write text';
	if (capability === 'embed') return 'embed text';
	if (capability === 'train') return 'be trained';
	return capability;
}
