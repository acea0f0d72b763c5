const COMPREHENSION =
	'write a comprehension: `[f(x) for x in xs]`, or with a condition `[x for x in xs where p]`';
const DATA =
	'data sets are functions of their own, such as `bbq()` and `mmlu()`; files are read with `jsonl`, `csv` and `parquet`';
const FIGURE = 'figures are `line`, `bar`, `scatter`, `histogram`, `heatmap` and `reliability`';
const TEXT = 'write it as a text: `"{x}"`';
const MODEL = 'models are `openai(…)`, `anthropic(…)`, `gguf(…)` and `simulated(…)`';

/** Functions that people bring from Python, pandas and the like, and what does their work here. */
export const foreignFunctions: ReadonlyMap<string, string> = new Map([
	['range', 'a range is written `0..9`; both ends belong to it'],
	['len', 'write `length(xs)` or `xs.length`'],
	['print', 'nothing is printed: a run shows its tables and figures'],
	['map', COMPREHENSION],
	['filter', 'for data write `d |> where(condition)`, for a list `[x for x in xs where p]`'],
	['query', 'write `d |> where(condition)`'],
	['head', 'write `d |> take(5)`'],
	['limit', 'write `d |> take(5)`'],
	['groupby', 'a table groups: `table t = from e by a { … }`'],
	['group_by', 'a table groups: `table t = from e by a { … }`'],
	['enumerate', 'write `numbered(d)`, or `repeat n as i` for a counter'],
	['dict', 'a record is written `{a: 1, b: 2}`'],
	['list', 'a list is written `[1, 2]`'],
	['tuple', 'a list is written `[1, 2]`, a record `{a: 1, b: 2}`'],
	['str', TEXT],
	['repr', TEXT],
	['int', 'a number in a text is read with `number_in(text)`'],
	['float', 'a number in a text is read with `number_in(text)`'],
	['format', 'values are put into a text through holes: `"{x}"`'],
	['load_dataset', DATA],
	['read_csv', DATA],
	['read_json', DATA],
	['read_jsonl', DATA],
	['open', DATA],
	['plot', FIGURE],
	['chart', FIGURE],
	['hist', FIGURE],
	['avg', 'write `mean(x)` in a table, `average(xs)` of a list'],
	['std', 'write `sd(x)`'],
	['generate', MODEL],
	['get_model', MODEL],
	['load_model', MODEL],
]);

/** Names of types in other languages. */
export const foreignTypes: ReadonlyMap<string, string> = new Map([
	...['int', 'integer', 'Int', 'Integer', 'float', 'Float', 'double', 'Double'].map(
		(name) => [name, 'numbers are of type `Number`'] as const,
	),
	...['str', 'string', 'String', 'Str'].map((name) => [name, 'texts are of type `Text`'] as const),
	...['bool', 'boolean', 'Boolean'].map((name) => [name, 'truth values are of type `Bool`'] as const),
	...['list', 'array', 'Array', 'tuple', 'Tuple'].map(
		(name) => [name, 'lists are of type `List<T>`'] as const,
	),
	...['dict', 'Dict', 'object', 'Object', 'Record'].map(
		(name) => [name, 'records are written out: `{a: Number, b: Text}`'] as const,
	),
	...['Optional', 'Maybe'].map((name) => [name, 'a value that may be absent is of type `T?`'] as const),
]);
