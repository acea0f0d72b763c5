/** What a reader of a stopped program is told besides what was expected, by the habit that it looks like. */
export const hints = {
	brace: 'a brace that is part of the text is written `\\{` or `\\}`',
	choice: 'a choice between values is written `if c then a else b`',
	prefix: 'a text has no letter before it: `{…}` is a hole in every text',
	power: 'there is no power operator: write `x * x`',
	pipe: 'a pipe is written `|>`',
	slice: 'a part of a list is written `xs[0..1]`, both ends included',
	tuple: 'several values stand in a list `[a, b]` or a record `{a: 1, b: 2}`',
	speaker: 'say who speaks: `user "…"`',
	roles: 'messages are `system "…"`, `user "…"` and `assistant "…"`',
	'no-as': 'a function keeps its name: rename it in the TypeScript file',
	path: 'the path stands in quotes: `from "./scorers.ts"`',
	eval: 'it is written `eval e { for x in items … }`',
	by: 'groups are written `by a, b`',
	'filter-source': 'filter what the table reads: `from (e |> where(…)) by …`',
	'no-colon': 'no `:` is needed: fields follow on the next line',
	flat: 'clauses and fields stand side by side in the one `{ … }` of the eval',
	'no-keyword': 'fields have no keyword before them: `y = …`',
	equality: 'a comparison is written `==`',
	'no-await': 'it has no place here: a value is used as it is',
	digits: 'digits are grouped with `_`: `1_000`',
	clause: 'rows are made in an eval: `eval e { for x in items … }`',
	import: 'functions are brought in with `use f from "./f.ts"`',
	print: 'nothing is printed: a run shows its tables and figures',
	column: 'every column has a name: `accuracy = mean(…)`',
} as const;

export type Hint = keyof typeof hints;

export const hintText = (hint: Hint | null | undefined): string | null => (hint ? hints[hint] : null);
