import { entry } from './entry.ts';
import { article, atMost, capabilityWords, plain } from './wording.ts';

/** A02: functions, methods and what is given to them. */
export const calls = {
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
