import { type Action, UsageError } from './command.ts';

const WORDS: Readonly<Record<string, () => Promise<Action>>> = {
	run: async () => (await import('./notebook-run.ts')).notebookRun,
	export: async () => (await import('./notebook-export.ts')).notebookExport,
	pack: async () => (await import('./notebook-pack.ts')).notebookPack,
	verify: async () => (await import('./notebook-verify.ts')).notebookVerify,
};

/** `assay notebook run | export | pack | verify FILE` */
export const notebook: Action = async (invocation) => {
	const [word, ...operands] = invocation.operands;
	const load = word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
	if (!load)
		throw new UsageError(
			word === undefined ? 'what is to be done with the notebook?' : `there is no \`assay notebook ${word}\``,
			`there are ${Object.keys(WORDS).join(', ')}: assay notebook run study.ipynb`,
		);
	if (operands.length !== 1)
		throw new UsageError(
			`assay notebook ${word} takes one file, not ${operands.length}`,
			`assay notebook ${word} ${word === 'verify' ? 'study.assaypack' : 'study.ipynb'}`,
		);
	return (await load())({ ...invocation, operands });
};
