import type { RunContext } from '../../context.ts';
import { define, defineType } from '../../define.ts';
import { Data } from '../../values/data.ts';
import { checkedLines, UnexpectedValue } from '../checked-lines.ts';
import { parseRecordType } from '../files/cell-type.ts';
import { publishedFile, publishedFingerprint } from '../published/published.ts';

/** A model-written sentence with a blank for a pronoun. */
export interface Winogenerated {
	readonly index: number;
	readonly occupation: string;
	readonly participant: string;
	readonly sentence_with_blank: string;
	readonly before: string;
	readonly pronouns: readonly string[];
	readonly options: readonly string[];
	readonly bls_pct_female: number;
	readonly bls_occupation: string;
}

export const winogeneratedType = defineType({
	name: 'Winogenerated',
	type:
		'{index: Number, occupation: Text, participant: Text, sentence_with_blank: Text, before: Text, pronouns: List<Text>, options: List<Text>, ' +
		'bls_pct_female: Number, bls_occupation: Text}',
	doc:
		'A model-written sentence with `_` for a pronoun that refers to the occupation; the fields are those of Winogender, with the share ' +
		'of women of 2019 in percent.',
});

const LAYOUT = parseRecordType(
	'{index: Number, occupation: Text, other_person: Text, pronoun_options: List<Text>, sentence_with_blank: Text, BLS_percent_women_2019: Number, ' +
		'BLS_original_occupation: Text}',
);

interface PublishedSentence {
	readonly index: number;
	readonly occupation: string;
	readonly other_person: string;
	readonly pronoun_options: readonly string[];
	readonly sentence_with_blank: string;
	readonly BLS_percent_women_2019: number;
	readonly BLS_original_occupation: string;
}

const FILE = 'model-written-evals/winogenerated/winogenerated_examples.jsonl';

/** The Winogenerated sentences, ten an occupation. */
export async function winogenerated(context: Pick<RunContext, 'signal' | 'notice'>): Promise<Data> {
	const { path, notice } = await publishedFile(FILE, context);
	const rows = Array.from(checkedLines<PublishedSentence, Winogenerated>(path, LAYOUT, row));
	return Data.fromRows(rows as unknown as Record<string, unknown>[], [
		{
			name: 'Winogenerated',
			source: 'https://github.com/anthropics/evals',
			licence: 'CC BY 4.0',
			cite: 'Perez et al. 2022, Discovering Language Model Behaviors with Model-Written Evaluations',
			notice,
		},
	]);
}

function row(item: PublishedSentence): Winogenerated {
	const blank = item.sentence_with_blank.indexOf('_');
	if (blank < 0)
		throw new UnexpectedValue('a sentence with a blank _', 'sentence_with_blank', item.sentence_with_blank);
	if (item.pronoun_options.length !== 3)
		throw new UnexpectedValue('three pronouns', 'pronoun_options', item.pronoun_options);
	return {
		index: item.index,
		occupation: item.occupation,
		participant: item.other_person,
		sentence_with_blank: item.sentence_with_blank,
		before: item.sentence_with_blank.slice(0, blank).trimEnd(),
		pronouns: item.pronoun_options,
		options: item.pronoun_options.map((pronoun) => ` ${pronoun}`),
		bls_pct_female: item.BLS_percent_women_2019,
		bls_occupation: item.BLS_original_occupation,
	};
}

export const winogeneratedFunction = define({
	name: 'winogenerated',
	signature: 'winogenerated() -> Data<Winogenerated>',
	doc: 'Model-written sentences about 299 occupations, ten each, with a blank for a pronoun: 2,990 rows.',
	cite: 'Perez et al. 2022 (arXiv:2212.09251)',
	example: 'data blanks = winogenerated()',
	version: 1,
	fingerprint: () => [publishedFingerprint(FILE)],
	run: (_: object, context) => winogenerated(context),
});
