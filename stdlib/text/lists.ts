import { define } from '../define.ts';
import type { Data } from '../values/data.ts';
import { isMissing, Missing } from '../values/missing.ts';

/** Mean of the values that are there; missing when none is. */
function meanOf(values: readonly unknown[]): number | Missing {
	let [sum, n] = [0, 0];
	for (const value of values) {
		if (isMissing(value) || value === null) continue;
		sum += Number(value);
		n++;
	}
	return n > 0 ? sum / n : new Missing('absent', 'no element of the list has a value');
}

export const listFunctions = [
	define({
		name: 'length',
		signature: [
			'length(of: Text) -> Number',
			'length(of: List<Any>) -> Number',
			'length(of: Data<Any>) -> Number',
		],
		doc: 'The number of elements of a list, of rows of a data set, or of characters of a text.',
		example: 'length(x.answers)',
		version: 1,
		run: ({ of }: { readonly of: string | readonly unknown[] | Data }) =>
			typeof of === 'string' ? [...of].length : of.length,
	}),
	define({
		name: 'zip',
		signature: 'zip(first: List<A>, second: List<B>) -> List<{first: A, second: B}>',
		doc: 'Two lists as one of pairs, as long as the shorter.',
		example: '[p.first + p.second for p in zip(x.letters, x.answers)]',
		version: 1,
		run: ({ first, second }: { readonly first: readonly unknown[]; readonly second: readonly unknown[] }) =>
			Array.from({ length: Math.min(first.length, second.length) }, (_, i) => ({
				first: first[i],
				second: second[i],
			})),
	}),
	define({
		name: 'fraction',
		signature: 'fraction(of: List<Bool>) -> Prob',
		doc: 'The share of a list that is true, of the elements that have a value; missing when none has.',
		example: 'fraction([matches(s, x.answer_text) for s in samples])',
		version: 1,
		run: ({ of }: { readonly of: readonly unknown[] }) => meanOf(of),
	}),
	define({
		name: 'average',
		signature: 'average(of: List<Number>) -> Number',
		doc: "The mean of a list's numbers, of those that have a value; missing when none has. For a column, use mean.",
		example: 'average([number_in(s) for s in samples])',
		version: 1,
		run: ({ of }: { readonly of: readonly unknown[] }) => meanOf(of),
	}),
];
