import { OptionTree } from './option-tree.ts';
import { inOrder, type OpenPrompt, type Passes, type PassRow, passGroups } from './passes.ts';
import { lengthOf } from './states.ts';
import type { Token } from './tokenizer.ts';

export interface ScoreQuestion {
	readonly prompt: readonly Token[];
	/** Texts that may follow, none of them empty. */
	readonly options: readonly (readonly Token[])[];
}

/** ln p of each token of each option, given the prompt and the option's tokens before it. */
export type OptionLogprobs = readonly (readonly number[])[];

interface Laid {
	readonly index: number;
	readonly tree: OptionTree;
	readonly opened: OpenPrompt;
}

/** Scores options: prompts in blocks, then what is left of each prompt with the tree of its options in one row. */
export async function scoreOptions(
	passes: Passes,
	questions: readonly ScoreQuestion[],
	between: () => void,
): Promise<OptionLogprobs[]> {
	const prompts = await passes.openPrompts(
		questions.map(({ prompt }) => prompt),
		between,
	);
	const laid = questions.map(({ options }, index): Laid => {
		return { index, tree: new OptionTree(options), opened: prompts[index] as OpenPrompt };
	});
	const results: OptionLogprobs[] = new Array(questions.length);
	const groups = passGroups(laid, ({ tree, opened }) => ({
		own: opened.tail.length + tree.branches.length,
		remembered: lengthOf(opened.remembered),
	}));
	for (const group of groups) {
		between();
		const found = await scoreGroup(
			passes,
			group,
			group.map(({ index }) => questions[index] as ScoreQuestion),
		);
		group.forEach(({ index }, i) => {
			results[index] = found[i] as OptionLogprobs;
		});
	}
	return results;
}

async function scoreGroup(
	passes: Passes,
	group: readonly Laid[],
	questions: readonly ScoreQuestion[],
): Promise<OptionLogprobs[]> {
	const { model } = passes;
	const pass = passes.run(group.map(rowOf));
	const places: number[] = [];
	const wanted: [number, number][] = [];
	const placeOf = new Map<number, number>();
	questions.forEach(({ options }, row) => {
		const { tree, opened } = group[row] as Laid;
		options.forEach((tokens, option) => {
			tokens.forEach((token, i) => {
				const before = (tree.befores[option] as number[])[i] as number;
				const at = row * pass.time + opened.tail.length + before;
				if (!placeOf.has(at)) placeOf.set(at, places.push(at) - 1);
				wanted.push([placeOf.get(at) as number, token]);
			});
		});
	});
	const logprobs = await model.logprobs(pass.hidden, padded(places, 0), padded(wanted, [0, 0]));
	model.tf.dispose([pass.hidden, ...pass.states]);
	let next = 0;
	return questions.map(({ options }) =>
		options.map((tokens) => tokens.map(() => logprobs[next++] as number)),
	);
}

function rowOf({ tree, opened: { remembered, tail } }: Laid): PassRow {
	const length = tail.length;
	const linear = inOrder(tail);
	return {
		remembered,
		tokens: [...tail, ...tree.branches.map(({ token }) => token)],
		placeOf: (index) => (index < length ? index : length + (tree.branches[index - length]?.depth ?? 0)),
		*sees(index) {
			yield* linear.sees(Math.min(index, length - 1));
			if (index >= length) for (const node of tree.ancestors(index - length)) yield length + node;
		},
	};
}

/** To the next power of two, as every length is compiled; not to one, as a product of one row is rounded otherwise. */
function padded<T>(items: readonly T[], filler: T): T extends number ? Int32Array : readonly T[] {
	const size = 2 ** Math.ceil(Math.log2(Math.max(4, items.length)));
	const filled = Array.from({ length: size }, (_, i) => items[i] ?? filler);
	return (typeof filler === 'number' ? Int32Array.from(filled as number[]) : filled) as never;
}
