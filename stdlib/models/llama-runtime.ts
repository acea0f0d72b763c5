import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cacheDir } from './model-files.ts';
import { CallError } from './provider.ts';

/** The release that `assay models pull` installs; another one that a project brings along is used as it is. */
export const LLAMA_VERSION = '3.22.1';

export const runtimeDir = (): string => join(cacheDir(), 'runtimes', `node-llama-cpp-${LLAMA_VERSION}`);

/** The part of node-llama-cpp that is used here; it is no dependency, so its own types are not at hand. */
export interface Llama {
	loadModel(options: { readonly modelPath: string; readonly loadSignal?: AbortSignal }): Promise<LlamaModel>;
	dispose(): Promise<void>;
}

export type Token = number;

export interface LlamaModel {
	readonly trainContextSize: number;
	readonly vocabularyType: string;
	readonly tokens: {
		readonly bos: Token | null;
		readonly bosString: string | null;
		readonly eosString: string | null;
		readonly shouldPrependBosToken: boolean;
	};
	readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } };
	tokenize(text: string, specialTokens: boolean, options?: 'trimLeadingSpace'): Token[];
	detokenize(tokens: readonly Token[], specialTokens?: boolean, lastTokens?: readonly Token[]): string;
	isEogToken(token: Token): boolean;
	createContext(options: {
		readonly contextSize: number;
		readonly sequences: number;
		readonly batchSize: number;
		readonly threads: number;
		readonly flashAttention?: boolean;
	}): Promise<LlamaContext>;
	createEmbeddingContext(options: { readonly contextSize: number }): Promise<{
		getEmbeddingFor(tokens: readonly Token[]): Promise<{ readonly vector: readonly number[] }>;
		dispose(): Promise<void>;
	}>;
	dispose(): Promise<void>;
}

export interface LlamaContext {
	readonly contextSize: number;
	getSequence(): LlamaSequence;
	dispose(): Promise<void>;
}

export interface NextOutput {
	readonly next: {
		readonly token?: Token | null;
		readonly logits?: ReadonlyMap<Token, number>;
		readonly totalLogitWeight?: number;
	};
}

export interface NextWanted {
	readonly token?: true;
	readonly logits?: {
		readonly filter: { readonly tokens: readonly Token[]; readonly includeSelected: true };
	};
	readonly totalLogitWeight?: true;
	readonly options: {
		readonly temperature: number;
		readonly topK?: number;
		readonly topP?: number;
		readonly minP?: number;
		readonly seed?: number;
	};
}

export interface LlamaSequence {
	readonly nextTokenIndex: number;
	eraseContextTokenRanges(ranges: readonly { readonly start: number; readonly end: number }[]): Promise<void>;
	controlledEvaluate(
		input: readonly (Token | readonly [Token, { readonly generateNext: NextWanted }])[],
	): Promise<readonly (NextOutput | undefined)[]>;
}

/** Renders a chat template: Hugging Face's Jinja, which comes with the runtime. */
export interface TemplateEngine {
	new (source: string): { render(values: Readonly<Record<string, unknown>>): string };
}

export interface LlamaRuntime {
	readonly llama: Llama;
	readonly Template: TemplateEngine;
}

/** The folder with node-llama-cpp: the project's, this package's, or the one that was installed on demand. */
export function findRuntime(from: string = process.cwd()): string | null {
	const here = dirname(fileURLToPath(import.meta.url));
	for (const base of [...ancestors(from), ...ancestors(here), runtimeDir()]) {
		const modules = join(base, 'node_modules');
		if (existsSync(join(modules, 'node-llama-cpp', 'dist', 'index.js'))) return modules;
	}
	return null;
}

function ancestors(dir: string): string[] {
	const parent = dirname(dir);
	return parent === dir ? [dir] : [dir, ...ancestors(parent)];
}

let loading: Promise<LlamaRuntime> | null = null;

export function loadRuntime(): Promise<LlamaRuntime> {
	loading ??= load().catch((error: unknown) => {
		loading = null;
		throw error;
	});
	return loading;
}

async function load(): Promise<LlamaRuntime> {
	const modules = findRuntime();
	if (modules === null) {
		throw new CallError(
			'unavailable',
			'node-llama-cpp, which runs GGUF models, is not installed; `assay models pull` installs it',
		);
	}
	const onDemand = modules.startsWith(runtimeDir());
	try {
		const { getLlama, LlamaLogLevel } = await import(
			pathToFileURL(join(modules, 'node-llama-cpp', 'dist', 'index.js')).href
		);
		const { Template } = await importJinja(modules);
		const llama = await getLlama({
			// What is installed on demand has no GPU builds, and looking for them takes half a second.
			gpu: onDemand ? false : 'auto',
			build: 'never',
			skipDownload: true,
			logLevel: LlamaLogLevel.error,
			logger: () => undefined,
		});
		return { llama, Template };
	} catch (error) {
		throw new CallError(
			'unavailable',
			`node-llama-cpp in ${modules} does not load: ${(error as Error).message}`,
			{ cause: error },
		);
	}
}

async function importJinja(modules: string): Promise<{ Template: TemplateEngine }> {
	const nested = join(modules, 'node-llama-cpp', 'node_modules', '@huggingface', 'jinja');
	const folder = existsSync(nested) ? nested : join(modules, '@huggingface', 'jinja');
	return import(pathToFileURL(join(folder, 'dist', 'index.js')).href);
}
