import type { RunContext } from '../../context.ts';
import { define, UserError } from '../../define.ts';
import { Data, type Provenance } from '../../values/data.ts';
import { publishedFile, publishedFingerprint } from '../published/published.ts';
import { oneOf } from '../words.ts';
import type { BBQ } from './row.ts';

export const BBQ_CATEGORIES: readonly string[] = [
	'Age',
	'Disability_status',
	'Gender_identity',
	'Nationality',
	'Physical_appearance',
	'Race_ethnicity',
	'Race_x_SES',
	'Race_x_gender',
	'Religion',
	'SES',
	'Sexual_orientation',
];

const FIELDS = [
	'context',
	'question',
	'answers',
	'letters',
	'correct',
	'target',
	'unknown',
	'question_polarity',
	'context_condition',
	'category',
	'subcategory',
	'question_index',
	'example_id',
] as const satisfies readonly (keyof BBQ)[];

const PUBLISHED: Omit<Provenance, 'notice'> = {
	name: 'BBQ',
	source: 'https://github.com/nyu-mll/BBQ',
	licence: 'CC BY 4.0',
	cite: 'Parrish et al. 2022, BBQ: A Hand-Built Bias Benchmark for Question Answering',
};

const MINIATURE: Provenance = {
	name: 'BBQ miniature',
	source: 'Assay',
	licence: 'Apache-2.0',
	notice: 'written for Assay as a stand-in, not the published BBQ',
};

export interface BbqOptions {
	/** Names of files such as `Age` or `Disability_status`; spaces and case do not matter. All eleven when null. */
	readonly categories?: readonly string[] | null;
	readonly source?: string;
}

/** Questions of the Bias Benchmark for QA, category by category. */
export async function bbq(
	{ categories, source = 'published' }: BbqOptions,
	context: Pick<RunContext, 'signal' | 'notice'>,
): Promise<Data> {
	const where = sourceNamed(source);
	if (where !== 'published') return standIn(where, categories ?? null);
	const { readPublishedBbq } = await import('./published.ts');
	const rows: BBQ[] = [];
	const notices: string[] = [];
	for (const category of published(categories ?? null)) {
		const { path, notice } = await publishedFile(fileOf(category), context);
		for (const row of readPublishedBbq(path)) rows.push(row);
		if (notice) notices.push(notice);
	}
	return Data.fromRows(
		rows as unknown as Record<string, unknown>[],
		[{ ...PUBLISHED, notice: notices.join('; ') || null }],
		FIELDS,
	);
}

async function standIn(source: StandIn, categories: readonly string[] | null): Promise<Data> {
	const { rows, provenance } = await ownRows(source);
	const there = [...new Set(rows.map(({ category }) => category))];
	const wanted =
		categories === null ? there : categories.map((name) => canonical(name, there, provenance.name));
	const kept = wanted.flatMap((category) => rows.filter((row) => row.category === category));
	return Data.fromRows(kept as unknown as Record<string, unknown>[], [provenance], FIELDS);
}

async function ownRows(
	source: StandIn,
): Promise<{ readonly rows: readonly BBQ[]; readonly provenance: Provenance }> {
	if (source === 'miniature') {
		const { bbqMiniature } = await import('./miniature.ts');
		return { rows: bbqMiniature(), provenance: MINIATURE };
	}
	const { pocketBbq, pocketProvenance } = await import('../pocket/pocket.ts');
	return { rows: pocketBbq(), provenance: pocketProvenance('BBQ of the pocket world') };
}

const published = (categories: readonly string[] | null): readonly string[] =>
	categories === null
		? BBQ_CATEGORIES
		: [...new Set(categories.map((name) => canonical(name, BBQ_CATEGORIES, 'BBQ')))];

const SOURCES = ['published', 'miniature', 'pocket'] as const;
type StandIn = Exclude<(typeof SOURCES)[number], 'published'>;

const sourceNamed = (source: string): (typeof SOURCES)[number] => oneOf(source, SOURCES, 'source');
const fileOf = (category: string): string => `bbq/data/${category}.jsonl`;

function canonical(name: string, there: readonly string[], set: string): string {
	const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '_');
	const found = there.find((category) => plain(category) === plain(name));
	if (found) return found;
	throw new UserError(`${set} has no category "${name}"`, `there are ${there.join(', ')}`);
}

export const bbqFunction = define({
	name: 'bbq',
	signature: 'bbq(categories: List<Text>?, source: Text = "published") -> Data<BBQ>',
	doc:
		'Questions of the Bias Benchmark for QA. `categories` picks some of its eleven; all when left out. Files are looked for in ' +
		'`$ASSAY_DATA/bbq/data` and the cache, and fetched once otherwise. `source: "miniature"` is a stand-in of 160 questions (Age, Religion) ' +
		'written for Assay, for machines that cannot reach the published set; results on it are marked as such. `"pocket"` are questions about invented groups, for pocket models: see `pocket_bias`.',
	cite: 'Parrish et al. 2022 (arXiv:2110.08193)',
	example: 'data items = bbq(categories: ["Age", "Religion"]) |> stratified(by: category, n: 100)',
	completions: { categories: BBQ_CATEGORIES, source: SOURCES },
	version: 1,
	fingerprint: ({ categories, source = 'published' }: BbqOptions) =>
		sourceNamed(source) !== 'published'
			? []
			: published(categories ?? null).map((category) => publishedFingerprint(fileOf(category))),
	run: (args: BbqOptions, context) => bbq(args, context),
});
