import { entry } from './entry.ts';
import { foreignFunctions, foreignTypes } from './foreign-names.ts';

const didYouMean = (near: string | null): string | null => (near ? `did you mean \`${near}\`?` : null);
function circle(names: readonly string[]): string {
	const quoted = names.map((name) => `\`${name}\``);
	return (quoted.length > 8 ? [...quoted.slice(0, 6), '…', ...quoted.slice(-1)] : quoted).join(' → ');
}

const listed = (names: readonly string[], most = 8): string =>
	`${names.slice(0, most).join(', ')}${names.length > most ? ', …' : ''}`;

function unknownNameHelp(d: {
	readonly name: string;
	readonly columns?: readonly string[];
	readonly called?: boolean;
}): string {
	if (d.called)
		return `the library has no such function; one in TypeScript is brought in with \`use ${d.name} from "./….ts"\``;
	if (d.columns && d.columns.length > 0)
		return `the columns here are ${listed(d.columns)}; a text stands in quotes: \`"${d.name}"\``;
	return 'declare it with `let`, check the spelling, or put it in quotes if it is a text; `assay explain A0101` says what is in reach';
}

/** A01: names that stand for nothing, for two things, or for something out of reach. */
export const names = {
	A0101: entry<{ name: string; near: string | null; columns?: readonly string[]; called?: boolean }>({
		severity: 'error',
		title: 'A name that is not defined',
		message: (d) => `there is nothing called \`${d.name}\` here`,
		label: () => 'not defined',
		help: (d) => foreignFunctions.get(d.called ? d.name : '') ?? didYouMean(d.near) ?? unknownNameHelp(d),
		explain: {
			text: 'Names come from the program (let, param, data, model, prompt, …), from the clauses and earlier fields of the eval, from the columns of the rows at hand, and from the library. Order among declarations does not matter; within an eval a field can use only the fields above it.',
			wrong: 'let n = 10\nlet twice = m * 2',
			right: 'let n = 10\nlet twice = n * 2',
		},
	}),
	A0102: entry<{ name: string }>({
		severity: 'error',
		title: 'A name declared twice',
		message: (d) => `\`${d.name}\` is declared twice`,
		label: () => 'declared again here',
		also: () => ['first declared here'],
		help: () => 'give one of them another name',
		explain: {
			text: 'A declaration gives a name to one thing for the whole program, so a second one under the same name is an error. (In a notebook, a later cell may redeclare a name of an earlier cell.)',
			wrong: 'let n = 10\nlet n = 20',
			right: 'let n = 10\nlet m = 20',
		},
	}),
	A0103: entry<{
		field: string;
		type: string;
		near: string | null;
		fields: readonly string[];
		column?: boolean;
	}>({
		severity: 'error',
		title: 'A field that the value does not have',
		message: (d) => `${d.type} has no field \`${d.field}\``,
		label: () => 'no such field',
		help: (d) =>
			(d.column
				? `it is a column: where columns are read, write \`${d.field}\` alone`
				: didYouMean(d.near)) ??
			(d.fields.length > 0 ? `its fields are ${listed(d.fields)}` : 'it has no fields at all'),
		explain: {
			text: 'Rows and records have exactly the fields of their type; a Choice has best, best_prob, probs, options, outside and entropy; an Estimate has value, se, low, high, n and missing; a model has name and parameters.',
			wrong: 'let point = {x: 1, y: 2}\nlet z = point.z',
			right: 'let point = {x: 1, y: 2}\nlet z = point.x',
		},
	}),
	A0104: entry<{ fn: string; name: string; near: string | null; params: readonly string[] }>({
		severity: 'error',
		title: 'A named argument that the function does not take',
		message: (d) => `\`${d.fn}\` takes no argument called \`${d.name}\``,
		label: () => 'not a parameter',
		help: (d) => didYouMean(d.near) ?? `it takes ${listed(d.params)}`,
		explain: {
			text: 'Arguments are positional first, then named with a colon; the names are those of the signature, which hovering shows.',
			wrong: 'let short = round(3.14159, places: 2)',
			right: 'let short = round(3.14159, digits: 2)',
		},
	}),
	A0105: entry<{ name: string; near: string | null }>({
		severity: 'error',
		title: 'A type that does not exist',
		message: (d) => `there is no type called \`${d.name}\``,
		label: () => 'unknown type',
		help: (d) =>
			foreignTypes.get(d.name) ??
			didYouMean(d.near) ??
			'types are Text, Number, Bool, Prob, List<T>, T?, records like {a: Text}, and those of the library',
		explain: {
			text: 'Annotations name the built-in types, records written out, and the row types of the library such as BBQ and MMLU.',
			wrong: 'param n: Integer = 5',
			right: 'param n: Number = 5',
		},
	}),
	A0106: entry<{ names: readonly string[] }>({
		severity: 'error',
		title: 'Declarations that need each other',
		message: (d) =>
			new Set(d.names).size === 1
				? `\`${d.names[0]}\` needs itself`
				: `${circle(d.names)} need each other in a circle`,
		label: () => 'the circle is closed here',
		help: () => 'a value cannot be part of its own definition: break the circle',
		explain: {
			text: 'Declarations may be in any order, but each must be computable from others that do not depend on it.',
			wrong: 'let a = b + 1\nlet b = a + 1',
			right: 'let a = 1\nlet b = a + 1',
		},
	}),
	A0107: entry<{
		method: string;
		type: string;
		near: string | null;
		methods: readonly string[];
		fn: string | null;
	}>({
		severity: 'error',
		title: 'A method that the value does not have',
		message: (d) => `${d.type} has no method \`${d.method}\``,
		label: () => 'no such method',
		help: (d) =>
			(d.fn === null ? didYouMean(d.near) : `\`${d.method}\` is a function: \`${d.fn}\``) ??
			(d.methods.length > 0
				? `it has ${listed(d.methods)}`
				: 'library functions are called as `f(value)` or `value |> f`'),
		explain: {
			text: 'Models have the methods sample, choose, logprob and embed. Everything else in the library is a function: `f(x)`, or `x |> f`.',
			wrong: 'model m = simulated()\neval e { for i in 1..3 text = m.generate("Hello") }',
			right: 'model m = simulated()\neval e { for i in 1..3 text = m.sample("Hello") }',
		},
	}),
	A0108: entry<{ name: string }>({
		severity: 'warning',
		title: 'A column that hides an outer name',
		message: (d) => `here \`${d.name}\` is the column, not the \`${d.name}\` declared outside`,
		label: () => 'the column is used',
		also: () => ['this declaration is hidden'],
		help: () => 'rename one of them if the other one was meant',
		explain: {
			text: 'In an argument that is read row by row, the columns of the row win over names declared outside.',
			wrong:
				'let limit = 1\ndata d = mmlu(source: "miniature") |> take(3)\neval e { for x in d limit = 2 }\ndata kept = e |> where(limit > 0)',
			right:
				'let bound = 1\ndata d = mmlu(source: "miniature") |> take(3)\neval e { for x in d limit = 2 }\ndata kept = e |> where(limit > bound)',
		},
	}),
	A0110: entry<{ name: string; where: string; near: string | null; known: readonly string[] }>({
		severity: 'error',
		title: 'A setting that does not exist',
		message: (d) => `${d.where} has no setting \`${d.name}\``,
		label: () => 'unknown setting',
		help: (d) => didYouMean(d.near) ?? `settings are ${listed(d.known)}`,
		explain: {
			text: 'A study takes cites, budget and seed; a budget takes usd, tokens, calls and time.',
			wrong: 'study "S" { sede: 1 }',
			right: 'study "S" { seed: 1 }',
		},
	}),
	A0111: entry({
		severity: 'error',
		title: 'A second study',
		message: () => 'a file holds one `study` at most',
		label: () => 'a second one',
		also: () => ['the first one'],
		help: () => 'move it to a file of its own, or delete it',
		explain: {
			text: 'The study gives the whole file its title, citations, budget and seed.',
			wrong: 'study "One"\nstudy "Two"',
			right: 'study "One"',
		},
	}),
	A0112: entry<{ name: string; path: string; near: string | null }>({
		severity: 'error',
		title: 'A function that the module does not export',
		message: (d) => `${d.path} exports no function \`${d.name}\``,
		label: () => 'not exported',
		help: (d) => didYouMean(d.near) ?? 'add `export` before the function, or check the name',
		explain: {
			text: '`use` brings in exported functions of a TypeScript file, or functions that an earlier cell of the notebook defines.',
			wrong: 'use missing_function from "./scorers.ts"',
			right: 'use starts_well from "./scorers.ts"',
		},
	}),
	A0113: entry<{ name: string; by: 'field' | 'clause' }>({
		severity: 'error',
		title: 'A field used above its definition',
		message: (d) =>
			d.by === 'clause'
				? `\`${d.name}\` is a field, and clauses are read before any field`
				: `\`${d.name}\` is defined further down`,
		label: () => 'used before it is defined',
		also: () => ['defined here'],
		help: (d) =>
			d.by === 'clause'
				? 'filter the rows of the eval afterwards: `E |> where(…)`'
				: `move the field \`${d.name}\` up`,
		explain: {
			text: 'The fields of an eval are read from top to bottom; each can use those above it.',
			wrong: 'eval e { for i in 1..3 twice = 2 * once once = i }',
			right: 'eval e { for i in 1..3 once = i twice = 2 * once }',
		},
	}),
	A0114: entry<{ message: string; help: string | null }>({
		severity: 'error',
		title: 'A module or file that cannot be read',
		message: (d) => d.message,
		label: () => 'named here',
		help: (d) => d.help,
		explain: {
			text: "Paths are relative to the study's own folder. A TypeScript module must type-check by itself for its signatures to be read.",
			wrong: 'use f from "./no-such-file.ts"',
			right: 'use starts_well from "./scorers.ts"',
		},
	}),
};
