import type { RunContext } from '../../context.ts';
import { define, UserError } from '../../define.ts';
import type { Data } from '../../values/data.ts';
import { isMissing } from '../../values/missing.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { pick, type RowFunction } from './rows.ts';
import { sayLeftOut } from './sample.ts';

/** The first of each set of rows whose texts are as similar as `similarity` or more; rows without a text are left out. */
export function unique(data: Data, by: RowFunction, similarity = 1): Data {
	if (!(similarity > 0 && similarity <= 1)) {
		throw new UserError(
			`similarity must be above 0 and at most 1, found ${similarity}`,
			'1 removes equal texts, 0.9 near duplicates too',
		);
	}
	const [rows, texts]: [number[], string[]] = [[], []];
	for (let row = 0; row < data.length; row++) {
		const text = by(row);
		if (isMissing(text) || text === null) continue;
		rows.push(row);
		texts.push(String(text));
	}
	const dropped = similarity === 1 ? repeats(texts) : nearDuplicates(texts, similarity);
	return pick(
		data,
		rows.filter((_, i) => !dropped.has(i)),
	);
}

function repeats(texts: readonly string[]): ReadonlySet<number> {
	const seen = new Set<string>();
	const again = new Set<number>();
	for (const [i, text] of texts.entries()) {
		if (seen.has(text)) again.add(i);
		seen.add(text);
	}
	return again;
}

interface UniqueArgs {
	readonly data: Data;
	readonly by: RowFunction;
	readonly similarity?: number;
}

export const uniqueDefinition = define({
	name: 'unique',
	signature: 'unique(data: Data<R>, by: R -> Text, similarity: Number = 1) -> Data<R>',
	doc:
		'Keeps the first of each set of rows with the same text; with `similarity` below 1 also drops a row whose text is as near as that to ' +
		"an earlier kept one's. Similarity is the Jaccard index of the texts' sets of three-letter sequences, without case and spacing. Rows whose text is " +
		'missing are left out.',
	example: 'drafts |> unique(by: statement, similarity: 0.9)',
	version: 1,
	run: ({ data, by, similarity = 1 }: UniqueArgs, context: RunContext) => {
		const missing = Array.from({ length: data.length }, (_, row) => by(row)).filter(
			(text) => isMissing(text) || text === null,
		).length;
		sayLeftOut('unique', missing, context);
		return unique(data, by, similarity);
	},
});
