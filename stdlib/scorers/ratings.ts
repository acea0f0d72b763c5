import { define, UserError } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Data } from '../values/data.ts';
import { isMissing, Missing } from '../values/missing.ts';

/** Values of a column by the text of another, in the order of the rows. */
type RatingIndex = ReadonlyMap<string, readonly unknown[]>;

/** A data set is joined to every row of an eval: its index is made once. */
const indices = new WeakMap<Data, Map<string, RatingIndex>>();

/** Everything that the column `value` says of each `key`; rows where either is missing say nothing. */
export function ratingIndex(data: Data, key: string, value: string): RatingIndex {
	const ofData = indices.get(data) ?? new Map<string, RatingIndex>();
	indices.set(data, ofData);
	const name = JSON.stringify([key, value]);
	const index = ofData.get(name) ?? makeIndex(data.length, columnOf(data, key), columnOf(data, value));
	ofData.set(name, index);
	return index;
}

function makeIndex(length: number, keys: Column, values: Column): RatingIndex {
	const index = new Map<string, unknown[]>();
	for (let row = 0; row < length; row++) {
		const [key, value] = [keys.get(row), values.get(row)];
		if (isMissing(key) || isMissing(value)) continue;
		const known = index.get(String(key));
		if (known) known.push(value);
		else index.set(String(key), [value]);
	}
	return index;
}

function columnOf(data: Data, name: string): Column {
	const column = data.columns.get(name);
	if (column) return column;
	throw new UserError(
		`the ratings have no column "${name}"`,
		`there are ${[...data.columns.keys()].join(', ')}`,
	);
}

interface RatingArgs {
	readonly data: Data;
	readonly id: unknown;
	readonly key?: string;
	readonly value?: string;
}

const ratingsFor = ({ data, id, key = 'id', value = 'rating' }: RatingArgs): readonly unknown[] =>
	ratingIndex(data, key, value).get(String(id)) ?? [];

const noRating = (id: unknown): Missing => new Missing('absent', `there is no rating for ${String(id)}`);

const PARAMS = '(data: Data<R>, id: Any, key: Text = "id", value: Text = "rating")';

export const ratingDefinition = define({
	name: 'rating',
	signature: `rating${PARAMS} -> Any`,
	doc:
		'The rating that a data set, read from a file, has for a row: its column `value` where its column `key` is `id`; 7 and "7" are the same key. ' +
		'Missing where it has none; an error where it has several.',
	example: 'human = rating(ratings_by_hand, id: x.example_id, key: "example_id")',
	version: 1,
	run: (args: RatingArgs) => {
		const found = ratingsFor(args);
		if (found.length > 1)
			throw new UserError(
				`there are ${found.length} ratings for ${String(args.id)}`,
				'use ratings(…), which gives the list of them',
			);
		return found[0] ?? noRating(args.id);
	},
});

export const ratingsDefinition = define({
	name: 'ratings',
	signature: `ratings${PARAMS} -> List<Any>`,
	doc:
		"Every rating that a data set, read from a file, has for a row, one a rater, in the file's order; for krippendorff_alpha. Missing where it has " +
		'none.',
	example: 'human = ratings(ratings_by_hand, id: x.example_id)',
	version: 1,
	run: (args: RatingArgs) => {
		const found = ratingsFor(args);
		return found.length > 0 ? found : noRating(args.id);
	},
});
