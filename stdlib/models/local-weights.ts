import { basename } from 'node:path';
import { UserError } from '../define.ts';
import { describeWeights, type Weights } from './gguf-file.ts';
import { isPath, knownModel, modelsDir } from './model-files.ts';

/** Below this a model's answers say little about models that people use. */
const TINY = 500e6;

export const tinyNotice = (parameters: number): string | null =>
	parameters < TINY ? `tiny model (${sizeText(parameters)} parameters)` : null;

const sizeText = (parameters: number): string =>
	parameters < 10e6 ? `${Number((parameters / 1e6).toPrecision(2))}M` : `${Math.round(parameters / 1e6)}M`;

/** From the file, or, where it is not, from what is known of a model of that name: kept answers need no weights. */
export function weightsOf(
	model: string,
	path: string | null,
	describe: (path: string) => Weights = describeWeights,
	files = 'a .gguf file',
): Pick<Weights, 'sha256' | 'parameters'> {
	if (path !== null) return describe(path);
	const known = knownModel(model);
	if (known) return known;
	throw new UserError(
		isPath(model) ? `there is no file ${model}` : `there is no model "${model}" in ${modelsDir()}`,
		`give the path of ${files} (a path has a slash in it: ./model), or the name of a model that \`assay models\` lists or \`assay models pull\` can fetch`,
	);
}

export const nameOf = (model: string): string =>
	isPath(model) ? basename(model).replace(/\.gguf$/, '') : model;
