import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type NotebookDocument, readNotebook } from '../document.ts';
import { type ExecuteNotebookOptions, executeNotebook, type NotebookOutcome } from '../execute.ts';
import { type Pack, unpack } from './archive.ts';
import { CASSETTE, DATA, FILES } from './manifest.ts';
import { linkPackages } from './packages.ts';
import { environmentApart } from './run-apart.ts';
import { inStage } from './stage.ts';

export interface VerifyOptions extends Pick<ExecuteNotebookOptions, 'signal' | 'onCell'> {
	/** Where installed packages are looked for. */
	readonly here: string;
	readonly env: NodeJS.ProcessEnv;
	/** What is not as it was, before anything runs: versions of packages. */
	readonly onNote: (note: string) => void;
}

export interface RerunPack {
	/** The notebook with the outputs it was packed with. */
	readonly packed: NotebookDocument;
	/** The same with the outputs it has now; whole only when the outcome is `done`. */
	readonly now: NotebookDocument;
	readonly outcome: NotebookOutcome;
}

/** Runs a pack's notebook in a folder and a store of its own, without network and without keys. */
export function rerunPack(pack: Pack, options: VerifyOptions): Promise<RerunPack> {
	return inStage('assay-verify-', (stage) => rerunIn(stage, pack, options));
}

async function rerunIn(stage: string, pack: Pack, options: VerifyOptions): Promise<RerunPack> {
	unpack(pack, stage);
	const { notebook, params, versions } = pack.manifest;
	for (const note of linkPackages(versions.packages, options.here, join(stage, FILES))) options.onNote(note);
	const path = join(stage, FILES, notebook);
	const packed = readNotebook(path);
	const now = structuredClone(packed);
	const cassette = join(stage, CASSETTE);
	const data = join(stage, DATA);
	const settings = {
		home: join(stage, 'home'),
		params,
		store: join(stage, 'store', 'store.db'),
		cassettes: existsSync(cassette) ? [cassette] : [],
		data: existsSync(data) ? data : null,
	};
	const env = environmentApart(settings, options.env);
	const { signal, onCell } = options;
	const outcome = await executeNotebook(now, { folder: dirname(path), env, signal, onCell });
	return { packed, now, outcome };
}
