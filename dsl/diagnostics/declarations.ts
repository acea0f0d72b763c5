import { entry } from './entry.ts';
import { article } from './wording.ts';

/** A02: what a declaration holds, and what its tables can show. */
export const declarations = {
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
};

function kindHelp({ keyword, actual }: { keyword: string; actual: string }): string | null {
	if (keyword === 'model' && actual === 'Text')
		return 'say where it runs: `openai("…")`, `anthropic("…")` or `gguf("…")`';
	if (keyword === 'prompt') return 'say who speaks: `user "…"`';
	return ['data', 'model', 'figure', 'table'].includes(keyword) ? 'use `let` for other values' : null;
}
