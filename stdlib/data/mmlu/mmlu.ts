import type { RunContext } from '../../context.ts';
import { define, UserError } from '../../define.ts';
import { Data, type Provenance } from '../../values/data.ts';
import { type DataFolders, dataFolders, findFile } from '../published/folders.ts';
import { publishedFile, publishedFingerprint } from '../published/published.ts';
import { oneOf } from '../words.ts';
import { type MMLU, MMLU_FIELDS } from './row.ts';
import { MMLU_SUBJECTS } from './subjects.ts';

const PUBLISHED: Omit<Provenance, 'notice'> = {
	name: 'MMLU',
	source: 'https://github.com/hendrycks/test',
	licence: 'MIT',
	cite: 'Hendrycks et al. 2021, Measuring Massive Multitask Language Understanding',
};

const MINIATURE: Provenance = {
	name: 'MMLU miniature',
	source: 'Assay',
	licence: 'Apache-2.0',
	notice: 'written for Assay as a stand-in, not the published MMLU',
};

const SPLITS = ['test', 'dev', 'val'] as const;
type Split = (typeof SPLITS)[number];

export interface MmluOptions {
	/** Names of files such as `anatomy`; null is all that are on this machine. */
	readonly subjects?: readonly string[] | null;
	readonly split?: string;
	readonly source?: string;
}

/** Four-choice questions on 57 subjects. */
export async function mmlu(
	options: MmluOptions,
	context: Pick<RunContext, 'signal' | 'notice'>,
	folders: DataFolders = dataFolders(),
): Promise<Data> {
	const split = oneOf(options.split ?? 'test', SPLITS, 'split');
	const source = sourceNamed(options);
	if (source === 'miniature') return miniature(options.subjects ?? null, split);
	if (source === 'pocket') return pocket(options.subjects ?? null, split);
	const subjects = wantedSubjects(options.subjects ?? null, split, folders);
	const { readPublishedMmlu } = await import('./published.ts');
	const rows: MMLU[] = [];
	for (const subject of subjects) {
		const { path } = await publishedFile(fileOf(subject, split, folders), context, folders);
		for (const row of readPublishedMmlu(path, subject)) rows.push(row);
	}
	const partial = !options.subjects && subjects.length < MMLU_SUBJECTS.length;
	const notice = partial ? `${subjects.length} of MMLU's ${MMLU_SUBJECTS.length} subjects` : null;
	return asData(rows, { ...PUBLISHED, notice });
}

const asData = (rows: readonly MMLU[], provenance: Provenance): Data =>
	Data.fromRows(rows as unknown as Record<string, unknown>[], [provenance], MMLU_FIELDS);

async function miniature(subjects: readonly string[] | null, split: Split): Promise<Data> {
	const { MINIATURE_SUBJECTS, mmluMiniature } = await import('./miniature.ts');
	if (split === 'val')
		throw new UserError('the miniature of MMLU has no split "val"', 'there are "test" and "dev"');
	const wanted = (subjects ?? MINIATURE_SUBJECTS).map((name) =>
		canonical(name, MINIATURE_SUBJECTS, 'the miniature of MMLU'),
	);
	return asData(
		mmluMiniature(split).filter(({ subject }) => wanted.includes(subject)),
		MINIATURE,
	);
}

async function pocket(subjects: readonly string[] | null, split: Split): Promise<Data> {
	const { pocketMmlu, pocketProvenance } = await import('../pocket/pocket.ts');
	const provenance = pocketProvenance('MMLU of the pocket world');
	const rows = pocketMmlu(split);
	const there = [...new Set(rows.map(({ subject }) => subject))];
	const wanted = (subjects ?? there).map((name) => canonical(name, there, provenance.name));
	return asData(
		rows.filter(({ subject }) => wanted.includes(subject)),
		provenance,
	);
}

const SOURCES = ['published', 'miniature', 'pocket'] as const;

const sourceNamed = ({ source = 'published' }: MmluOptions): (typeof SOURCES)[number] =>
	oneOf(source, SOURCES, 'source');

function wantedSubjects(
	subjects: readonly string[] | null,
	split: Split,
	folders: DataFolders,
): readonly string[] {
	if (subjects !== null) return [...new Set(subjects.map((name) => canonical(name, MMLU_SUBJECTS, 'MMLU')))];
	const here = MMLU_SUBJECTS.filter((subject) => findFile(fileOf(subject, split, folders), folders) !== null);
	// None at all: asking for the first one says where files go.
	return here.length > 0 ? here : MMLU_SUBJECTS.slice(0, 1);
}

/** The original files are called `anatomy_test.csv`, copies of them `anatomy.csv`. */
function fileOf(subject: string, split: Split, folders: DataFolders): string {
	const original = `mmlu/${split}/${subject}_${split}.csv`;
	return findFile(original, folders) === null ? `mmlu/${split}/${subject}.csv` : original;
}

function canonical(name: string, there: readonly string[], set: string): string {
	const plain = name
		.trim()
		.toLowerCase()
		.replace(/[\s-]+/g, '_');
	if (there.includes(plain)) return plain;
	throw new UserError(`${set} has no subject "${name}"`, `there are ${there.join(', ')}`);
}

export const mmluFunction = define({
	name: 'mmlu',
	signature: 'mmlu(subjects: List<Text>?, split: Text = "test", source: Text = "published") -> Data<MMLU>',
	doc:
		'Four-choice questions of the Massive Multitask Language Understanding test. `subjects` picks some of its 57; when left out, all ' +
		'that are on this machine, and results say how many those are. `split` is "test", "dev" or "val". Files are looked for as ' +
		'`mmlu/<split>/<subject>.csv` in `$ASSAY_DATA` and the cache, with or without a header. `source: "miniature"` is a stand-in of fifty questions ' +
		'(anatomy, astronomy) written for Assay; results on it are marked as such. `"pocket"` are questions about an invented world, for pocket models: see `pocket_facts`.',
	cite: 'Hendrycks et al. 2021 (arXiv:2009.03300)',
	example: 'data questions = mmlu(subjects: ["anatomy", "astronomy"]) |> sample(300, seed: 1)',
	completions: { subjects: MMLU_SUBJECTS, split: SPLITS, source: SOURCES },
	version: 1,
	fingerprint: (args: MmluOptions) => {
		if (sourceNamed(args) !== 'published') return [];
		const split = oneOf(args.split ?? 'test', SPLITS, 'split');
		const folders = dataFolders();
		return wantedSubjects(args.subjects ?? null, split, folders).map((subject) =>
			publishedFingerprint(fileOf(subject, split, folders), folders),
		);
	},
	run: (args: MmluOptions, context) => mmlu(args, context),
});
