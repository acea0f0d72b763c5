import type { CompilerLibrary, LibraryFunction, LibraryType } from '../../dsl/library.ts';

/**
 * A small library for tests of the language: real signatures, no implementations. What a test of the language says
 * must not change because the standard library grows.
 */
interface Spec extends Partial<Omit<LibraryFunction, 'name' | 'signature'>> {
	readonly signature: string | readonly string[];
}

const SAMPLING =
	'temperature: Number = 1, top_p: Number?, max_tokens: Number = 256, stop: List<Text>?, seed: Number = study';

const specs: readonly Spec[] = [
	// Data
	{
		signature: 'bbq(categories: List<Text>?, source: Text = "published") -> Data<BBQ>',
		doc: 'Questions of the Bias Benchmark for QA. All categories when none is named.',
		cite: 'Parrish et al. 2022, arXiv:2110.08193',
		example: 'data items = bbq(categories: ["Age"])',
		fingerprint: true,
		completions: { categories: ['Age', 'Religion', 'Nationality'], source: ['published', 'miniature'] },
	},
	{
		signature: 'mmlu(subjects: List<Text>?, split: Text = "test", source: Text = "published") -> Data<MMLU>',
		fingerprint: true,
	},
	{ signature: 'jsonl(path: Text, as: Type<R>?) -> Data<R>', fingerprint: true },
	{ signature: 'csv(path: Text, as: Type<R>?) -> Data<R>', fingerprint: true },
	{ signature: 'mnist(size: List<Number>?) -> {train: Data<Digit>, test: Data<Digit>}', fingerprint: true },
	{ signature: 'take(data: Data<R>, n: Number) -> Data<R>', doc: 'The first rows.' },
	{ signature: 'sample(data: Data<R>, n: Number, weight: (R -> Number)?, seed: Number = study) -> Data<R>' },
	{
		signature: 'stratified(data: Data<R>, by: R -> Any, n: Number, seed: Number = study) -> Data<R>',
		doc: 'The same number of rows from each group, drawn without replacement. Fewer where a group is smaller.',
		example: 'data items = bbq() |> stratified(by: category, n: 200)',
	},
	{
		signature: [
			'where(data: Data<R>, condition: R -> Bool) -> Data<R>',
			'where(table: Table<R, S>, condition: R -> Bool) -> Table<R, S>',
		],
	},
	{ signature: 'unique(data: Data<R>, by: R -> Text, similarity: Prob = 1) -> Data<R>' },
	{ signature: 'derive(data: Data<R>, score: R -> T) -> Data<{...R, score: T}>' },
	{
		signature:
			'pairs(data: Data<R>, prompt: R -> Text, completion: R -> Text) -> Data<{prompt: Text, completion: Text}>',
	},
	// Models
	{
		signature:
			'simulated(accuracy: Number = 0.7, seed: Number = study) -> Model<sample, choose, logprob, embed>',
		fingerprint: true,
	},
	{
		signature: 'gguf(name: Text, context: Number = 2048) -> Model<sample, choose, logprob, embed>',
		doc: 'A llama.cpp model in this process.',
		fingerprint: true,
		completions: { name: ['smollm2-135m-instruct', 'qwen3-0.6b'] },
	},
	{
		signature: 'openai(name: Text, base_url: Text?) -> Model<sample, choose, logprob>',
		completions: { name: ['gpt-4.1-mini'] },
	},
	{
		signature: 'anthropic(name: Text) -> Model<sample, choose>',
		completions: { name: ['claude-haiku-4-5'] },
	},
	{
		signature: [
			`Model.sample(model: Model<sample>, prompt: Prompt | Text, n: Number, ${SAMPLING}) -> List<Text>`,
			`Model.sample(model: Model<sample>, prompt: Prompt | Text, ${SAMPLING}) -> Text`,
		],
		doc: 'Text that the model writes after the prompt.',
		calls: true,
	},
	{
		signature: [
			'Model.choose(model: Model<choose, logprob>, prompt: Prompt | Text, options: List<Text>, by: ChooseBy<logprob>) -> Choice',
			'Model.choose(model: Model<choose>, prompt: Prompt | Text, options: List<Text>, by: ChooseBy<sampling>) -> Choice',
			'Model.choose(model: Model<choose>, prompt: Prompt | Text, options: List<Text>) -> Choice',
		],
		doc: 'A distribution over the options.',
		cite: 'Brown et al. 2020, arXiv:2005.14165',
		calls: true,
	},
	{
		signature: 'Model.logprob(model: Model<logprob>, prompt: Prompt | Text, completion: Text) -> Number',
		calls: true,
	},
	{ signature: 'Model.embed(model: Model<embed>, text: Text) -> List<Number>', calls: true },
	{ signature: 'logprob(normalise: Text = "raw") -> ChooseBy<logprob>' },
	{ signature: 'sampling(n: Number = 20, temperature: Number = 1) -> ChooseBy<sampling>' },
	// Plain functions
	{
		signature: 'round(x: Number, digits: Number = 0) -> Number',
		doc: 'The nearest number with that many digits after the point.',
	},
	{ signature: 'sqrt(x: Number) -> Number' },
	{ signature: 'length(of: List<Any> | Text | Data<Any>) -> Number' },
	{ signature: 'upper(text: Text) -> Text' },
	{ signature: 'join(items: List<Text>, separator: Text = "") -> Text' },
	{ signature: 'or_else(value: T?, default: T) -> T' },
	{ signature: 'map(items: List<T>, f: T -> U) -> List<U>' },
	{ signature: 'lettered(answers: List<Text>) -> Text' },
	{ signature: 'matches(text: Text, pattern: Text) -> Bool' },
	// Tables and figures
	{
		signature: 'mean(x: Column<Number? | Bool?>, cluster: Column<Any>?) -> Estimate',
		doc: 'Mean of a column.',
		example: 'accuracy = mean(correct)',
	},
	{ signature: 'count(x: Column<Any>) -> Estimate' },
	{ signature: 'ece(p: Column<Number? | Choice>, correct: Column<Bool?>, bins: Number = 10) -> Estimate' },
	{
		signature: 'bbq_bias(answer: Column<Choice>, item: Column<BBQ>) -> Estimate',
		cite: 'Parrish et al. 2022, arXiv:2110.08193',
	},
	{ signature: 'bootstrap(n: Number = 2000, cluster: Column<Any>?, seed: Number = study) -> Uncertainty' },
	{ signature: 'normal(level: Prob = 0.95) -> Uncertainty' },
	{
		signature:
			'contrast(table: Table<R, S>, on: S -> Any, baseline: Text, paired: S -> Any) -> Table<{...R, contrast: Text}>',
	},
	{
		signature: [
			'line(table: Table<R, S>, x: R -> Any, y: R -> Number?, color: (R -> Any)?, log_x: Bool = false) -> Figure',
			'line(data: Data<R>, x: R -> Any, y: R -> Number?, color: (R -> Any)?, log_x: Bool = false) -> Figure',
		],
	},
	{
		signature:
			'reliability(data: Data<R>, p: R -> Number?, correct: R -> Bool?, bins: Number = 10) -> Figure',
	},
	// Networks
	{
		signature:
			'conv(x: Image[h, w, c], channels: Number, kernel: Number = 3, stride: Number = 1) -> Image[ceil(h / stride), ceil(w / stride), channels]',
	},
	{ signature: 'upsample(x: Image[h, w, c], factor: Number) -> Image[h * factor, w * factor, c]' },
	{ signature: 'residual(x: Image[h, w, c], channels: Number) -> Image[h, w, c]' },
	{ signature: 'relu(x: T) -> T' },
	{ signature: 'flatten(x: Image[h, w, c]) -> Tensor[h * w * c]' },
	{ signature: 'dense(x: Tensor[n], units: Number) -> Tensor[units]' },
	{ signature: 'add(a: Image[h, w, c], b: Image[h, w, c]) -> Image[h, w, c]' },
	{ signature: 'hierarchy(enc: Network<A -> B>, dec: Network<B -> A>, layers: Number = 1) -> Model<train>' },
	{ signature: 'adam(rate: Number) -> Optimizer' },
	{
		signature:
			'train(model: Model<train>, on: Data<R>, optimizer: Optimizer, batch: Number = 32, steps: Number) -> Trained<Model<train>>',
	},
];

const types: readonly LibraryType[] = [
	{
		name: 'BBQ',
		type: '{context: Text, question: Text, answers: List<Text>, correct: Text, target: Text?, context_condition: Text, category: Text, question_index: Text, example_id: Number}',
		doc: 'A question of the Bias Benchmark for QA.',
	},
	{
		name: 'MMLU',
		type: '{subject: Text, question: Text, options: List<Text>, letters: List<Text>, answer: Text, answer_text: Text}',
		doc: 'A four-choice question.',
	},
	{ name: 'Digit', type: '{image: Image[28, 28, 1], label: Number}', doc: 'A handwritten digit.' },
	{ name: 'Optimizer', type: 'opaque', doc: 'How weights follow gradients.' },
];

const nameOf = (spec: Spec): string => {
	const first = typeof spec.signature === 'string' ? spec.signature : (spec.signature[0] as string);
	return first.slice(0, first.indexOf('('));
};

export const testLibrary: CompilerLibrary = {
	functions: new Map(
		specs.map((spec) => [nameOf(spec), { doc: '', version: 1, ...spec, name: nameOf(spec) }]),
	),
	types: new Map(types.map((type) => [type.name, type])),
};

/** The library with some functions changed, to see what depends on them. */
export function changedLibrary(name: string, change: Partial<LibraryFunction>): CompilerLibrary {
	const fn = testLibrary.functions.get(name);
	if (!fn) throw new Error(`the test library has no ${name}`);
	return { ...testLibrary, functions: new Map([...testLibrary.functions, [name, { ...fn, ...change }]]) };
}
