import { readFileSync } from 'node:fs';
import type { RunContext } from '../../context.ts';
import { define, defineType, UserError } from '../../define.ts';
import { Data, type Provenance } from '../../values/data.ts';
import { describeValue } from '../files/cell-type.ts';
import { shownPath } from '../files/digest.ts';
import { publishedFile, publishedFingerprint } from '../published/published.ts';
import { oneOf } from '../words.ts';

/** A sentence with a blank for a pronoun, about an occupation and another participant. */
export interface Winogender {
	readonly occupation: string;
	readonly participant: string;
	/** Whom the pronoun refers to: `occupation` or `participant`. */
	readonly refers_to: string;
	readonly slot: string;
	readonly sentence_with_blank: string;
	readonly before: string;
	readonly pronouns: readonly string[];
	readonly options: readonly string[];
	readonly bls_pct_female: number;
	readonly bergsma_pct_female: number;
}

export const winogenderType = defineType({
	name: 'Winogender',
	type:
		'{occupation: Text, participant: Text, refers_to: Text, slot: Text, sentence_with_blank: Text, before: Text, pronouns: List<Text>, ' +
		'options: List<Text>, bls_pct_female: Number, bergsma_pct_female: Number}',
	doc:
		'A Winogender sentence with `_` for its pronoun. `pronouns` are the male, female and neutral word that fit the blank (he, she, they; ' +
		'his, her, their; him, her, them), `options` the same with the space that a continuation of `before`, the sentence up to the blank, begins with. ' +
		'`refers_to` is "occupation" or "participant"; `bls_pct_female` is the share of women in the occupation in percent (BLS 2015/16).',
});

const PRONOUNS = {
	$NOM_PRONOUN: { slot: 'nominative', pronouns: ['he', 'she', 'they'] },
	$POSS_PRONOUN: { slot: 'possessive', pronouns: ['his', 'her', 'their'] },
	$ACC_PRONOUN: { slot: 'accusative', pronouns: ['him', 'her', 'them'] },
} as const;

const TEMPLATES = 'winogender/templates.tsv';
const STATISTICS = 'winogender/occupations-stats.tsv';

const PROVENANCE: Omit<Provenance, 'notice'> = {
	name: 'Winogender',
	source: 'https://github.com/rudinger/winogender-schemas',
	licence: 'MIT',
	cite: 'Rudinger et al. 2018, Gender Bias in Coreference Resolution',
};

const REFERENTS = ['occupation', 'participant', 'both'] as const;

/** Winogender's templates as sentences with a blank. */
export async function winogender(
	refersTo: string,
	context: Pick<RunContext, 'signal' | 'notice'>,
): Promise<Data> {
	const wanted = oneOf(refersTo, REFERENTS, 'refers_to');
	const [templates, statistics] = [
		await publishedFile(TEMPLATES, context),
		await publishedFile(STATISTICS, context),
	];
	const shares = readShares(statistics.path);
	const rows = readTemplates(templates.path, shares).filter(
		(row) => wanted === 'both' || row.refers_to === wanted,
	);
	const notice = [templates.notice, statistics.notice].filter(Boolean).join('; ') || null;
	return Data.fromRows(rows as unknown as Record<string, unknown>[], [{ ...PROVENANCE, notice }]);
}

interface Shares {
	readonly bergsma: number;
	readonly bls: number;
}

function readShares(path: string): ReadonlyMap<string, Shares> {
	const shares = new Map<string, Shares>();
	for (const { cells, line } of tabRows(path, 4)) {
		const [occupation = '', bergsma, bls] = cells;
		shares.set(occupation, {
			bergsma: percentage(bergsma, path, line),
			bls: percentage(bls, path, line),
		});
	}
	return shares;
}

function percentage(cell: string | undefined, path: string, line: number): number {
	const value = cell?.trim() ? Number(cell) : Number.NaN;
	if (value >= 0 && value <= 100) return value;
	throw problem(path, line, `expected a percentage from 0 to 100, found ${describeValue(cell)}`);
}

function readTemplates(path: string, shares: ReadonlyMap<string, Shares>): Winogender[] {
	return tabRows(path, 4).map(({ cells, line }) => {
		const [occupation = '', participant = '', answer, template = ''] = cells;
		const marker = template.match(/\$(?:NOM|POSS|ACC)_PRONOUN/)?.[0] as keyof typeof PRONOUNS | undefined;
		if (!marker || !/^[01]$/.test(answer ?? ''))
			throw problem(path, line, 'expected 0 or 1 and a sentence with a pronoun');
		const share = shares.get(occupation);
		if (!share)
			throw problem(path, line, `the occupation "${occupation}" has no share of women in ${STATISTICS}`);
		const sentence = template.replace('$OCCUPATION', occupation).replace('$PARTICIPANT', participant);
		const { slot, pronouns } = PRONOUNS[marker];
		return {
			occupation,
			participant,
			refers_to: answer === '0' ? 'occupation' : 'participant',
			slot,
			sentence_with_blank: sentence.replace(marker, '_'),
			before: sentence.slice(0, sentence.indexOf(marker)).trimEnd(),
			pronouns,
			options: pronouns.map((pronoun) => ` ${pronoun}`),
			bls_pct_female: share.bls,
			bergsma_pct_female: share.bergsma,
		};
	});
}

function tabRows(
	path: string,
	width: number,
): { readonly cells: readonly string[]; readonly line: number }[] {
	const lines = readFileSync(path, 'utf8').split(/\r?\n/);
	return lines.slice(1).flatMap((text, i) => {
		if (text.trim() === '') return [];
		const cells = text.split('\t');
		if (cells.length !== width)
			throw problem(path, i + 2, `expected ${width} fields between tabs, found ${cells.length}`);
		return [{ cells, line: i + 2 }];
	});
}

const problem = (path: string, line: number, message: string): UserError =>
	new UserError(`${shownPath(path)}:${line}: ${message}`, 'this is not the published layout of the file');

export const winogenderFunction = define({
	name: 'winogender',
	signature: 'winogender(refers_to: Text = "occupation") -> Data<Winogender>',
	doc:
		'Sentences about an occupation with a blank for a pronoun: the 60 of the published 120 templates whose pronoun refers to the ' +
		'occupation, or the others ("participant"), or all ("both").',
	cite: 'Rudinger et al. 2018 (arXiv:1804.09301)',
	example: 'data blanks = winogender()',
	completions: { refers_to: REFERENTS },
	version: 1,
	fingerprint: () => [publishedFingerprint(TEMPLATES), publishedFingerprint(STATISTICS)],
	run: ({ refers_to = 'occupation' }: { readonly refers_to?: string }, context) =>
		winogender(refers_to, context),
});
