import { defineType } from '../../define.ts';
import type { Missing } from '../../values/missing.ts';

/** One question of the Bias Benchmark for QA. */
export interface BBQ {
	readonly context: string;
	readonly question: string;
	readonly answers: readonly string[];
	readonly letters: readonly string[];
	/** Letters, like `target` and `unknown`. */
	readonly correct: string;
	readonly target: string | Missing;
	readonly unknown: string;
	readonly question_polarity: string;
	readonly context_condition: string;
	readonly category: string;
	readonly subcategory: string;
	readonly question_index: string;
	readonly example_id: number;
}

export const BBQ_LETTERS: readonly string[] = ['a', 'b', 'c'];

export const bbqType = defineType({
	name: 'BBQ',
	type:
		'{context: Text, question: Text, answers: List<Text>, letters: List<Text>, correct: Text, target: Text?, unknown: Text, ' +
		'question_polarity: Text, context_condition: Text, category: Text, subcategory: Text, question_index: Text, example_id: Number}',
	doc:
		'A question of the Bias Benchmark for QA: a context about two people or groups, a question, three answers. `correct`, `target` ' +
		'(the answer that names the stereotyped group; missing when no answer or two do) and `unknown` (the answer that nobody can know) are ' +
		'letters of `letters`, a to c. `context_condition` is "ambig" or "disambig", `question_polarity` "neg" or "nonneg"; ' +
		'`question_index` numbers the template within its category: rows of one template are a cluster.',
});
