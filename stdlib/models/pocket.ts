import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../define.ts';

/** A model organism that comes with Assay. */
export interface PocketModel {
	/** What `lm(…)` takes. */
	readonly name: string;
	readonly folder: string;
	/** Of the declaration in `examples/pocket.assay` that trains it. */
	readonly declaration: string;
}

export const POCKET_FOLDER = fileURLToPath(new URL('pocket', import.meta.url));

/** From the smallest to the largest. */
export const POCKET_SIZES = ['100k', '300k', '1m', '2m'] as const;

export const POCKET_MODELS: readonly PocketModel[] = POCKET_SIZES.map((size) => ({
	name: `pocket/${size}`,
	folder: join(POCKET_FOLDER, size),
	declaration: `pocket_${size}`,
}));

/** Whether a name is one of a model that comes with Assay. @throws {UserError} for a size that there is not */
export function isPocket(name: string): boolean {
	if (!/^pocket[/\\][^/\\]*$/.test(name)) return false;
	if (POCKET_MODELS.some((model) => model.name === name)) return true;
	throw new UserError(
		`there is no model "${name}"`,
		`there are ${POCKET_MODELS.map((model) => model.name).join(', ')}`,
	);
}

/** The folder of a model that comes with Assay; null where it is not there. */
export function pocketFolder(name: string): string | null {
	const folder = POCKET_MODELS.find((model) => model.name === name)?.folder;
	return folder && existsSync(folder) ? folder : null;
}

/** Stands beside every number of such a model. */
export const pocketNotice = (parameters: number): string =>
	`tiny model organism (${Number((parameters / 1e6).toPrecision(2))}M parameters), whose answers were planted`;

/** Bytes of a model's weights. */
export const pocketBytes = ({ folder }: PocketModel): number =>
	statSync(join(folder, 'model.safetensors')).size;
