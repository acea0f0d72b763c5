import { entry } from './entry.ts';

/** A03: what must be known before a plan can be made. */
export const plans = {
	A0301: entry<{ fn: string; param: string }>({
		severity: 'error',
		title: 'An argument that must be known before the run',
		message: (d) => `\`${d.param}\` of \`${d.fn}\` must be a constant: what it names is part of the plan`,
		label: () => 'known only while running',
		help: () => 'use a literal, a `let` or a `param`',
		explain: {
			text: "Files, data sets and models are part of a step's key, so they must be known when the plan is made.",
			wrong: 'eval e { for name in ["a.csv"] rows = length(csv(name)) }',
			right: 'data d = csv("a.csv")',
		},
	}),
	A0302: entry<{ message: string; help: string | null }>({
		severity: 'error',
		title: 'Data or a model that is not here',
		message: (d) => d.message,
		label: () => 'needed here',
		help: (d) => d.help,
		explain: {
			text: 'The plan needs the content of the files and models that the program names. `assay models pull` fetches models; a data set is downloaded once from its public home, or can be put into the folder that ASSAY_DATA names.',
			wrong: 'data d = csv("no-such-file.csv", as: {id: Number})',
			right: 'data d = csv("rows.csv", as: {id: Number})',
		},
	}),
	A0303: entry<{ message: string; help: string | null }>({
		severity: 'error',
		title: 'A data file whose rows cannot be read',
		message: (d) => d.message,
		label: () => 'this file',
		help: (d) => d.help,
		explain: {
			text: 'Without `as:` the row type is read off the file itself. A line that does not fit is reported with its number.',
			wrong: 'data d = jsonl("no-such-file.jsonl")',
			right: 'data d = jsonl("rows.jsonl")',
		},
	}),
	A0304: entry<{ name: string; near: string | null; known: readonly string[] }>({
		severity: 'error',
		title: 'A value for a param that does not exist',
		message: (d) => `the study has no param \`${d.name}\``,
		label: () => '',
		help: (d) =>
			d.near
				? `did you mean \`--set ${d.near}=…\`?`
				: d.known.length > 0
					? `its params are ${d.known.join(', ')}`
					: 'it declares no `param` at all',
		explain: {
			text: '`--set name=value` gives a value to a `param` declaration of the study.',
			wrong: '# assay run study.assay --set m=5\nparam n: Number = 400',
			right: '# assay run study.assay --set n=5\nparam n: Number = 400',
		},
	}),
	A0305: entry<{ name: string; expected: string; given: string }>({
		severity: 'error',
		title: 'A value of the wrong type for a param',
		message: (d) =>
			`\`${d.name}\` is ${/^[AEIOU]/.test(d.expected) ? 'an' : 'a'} ${d.expected}, and \`${d.given}\` is not`,
		label: () => 'declared here',
		help: (d) => (d.expected === 'Text' ? `write --set ${d.name}='"…"'` : null),
		explain: {
			text: 'The value of `--set` is read as an expression of the language and must have the type of the param; for a Text the quotes may be left out.',
			wrong: '# assay run study.assay --set n=many\nparam n: Number = 400',
			right: '# assay run study.assay --set n=50\nparam n: Number = 400',
		},
	}),
};
