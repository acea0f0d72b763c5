import { entry } from './entry.ts';

/** Slips that are read as what was meant, most of them habits of other languages. */
export const habits = {
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
};

const isName = (key: string): boolean => /^[A-Za-z_]\w*$/.test(key);
