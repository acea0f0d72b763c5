import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../stdlib/define.ts';
import { ScratchStore } from '../engine/store/scratch-store.ts';
import { openStore, type Store } from '../engine/store/store.ts';
import { folderOf } from './compile.ts';

export interface StoreChoice {
	/** What the user asked for, or null for the store beside the study. */
	readonly store: string | null;
	readonly cassettes?: readonly string[];
}

export const defaultStorePath = (studyPath: string | null): string =>
	join(folderOf(studyPath), '.assay', 'store.db');

/** The store of a study: the one asked for, else `.assay/store.db` beside it. */
export function openStudyStore(studyPath: string | null, choice: StoreChoice): Store {
	const path = choice.store ?? defaultStorePath(studyPath);
	requireCassettes(choice);
	return openStore(path, { cassettes: choice.cassettes });
}

/** The same for who only looks: nothing is written, and where there is no store yet an empty one stands in for it. */
export function lookIntoStudyStore(studyPath: string | null, choice: StoreChoice): Store {
	const path = choice.store ?? defaultStorePath(studyPath);
	requireCassettes(choice);
	return existsSync(path)
		? openStore(path, { cassettes: choice.cassettes, readOnly: true })
		: openStore(':memory:', { cassettes: choice.cassettes });
}

/** The same for who makes results again out of what is kept: that, too, is forgotten. */
export const rereadStudyStore = (studyPath: string | null, choice: StoreChoice): Store =>
	new ScratchStore(lookIntoStudyStore(studyPath, choice), openStore(':memory:'));

function requireCassettes({ cassettes = [] }: StoreChoice): void {
	for (const cassette of cassettes) {
		if (!existsSync(cassette)) throw new UserError(`there is no cassette ${cassette}`, 'check the path');
	}
}
