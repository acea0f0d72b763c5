import { KNOWN_MODELS } from '../../stdlib/models/model-files.ts';
import { POCKET_MODELS, pocketBytes, pocketFolder } from '../../stdlib/models/pocket.ts';
import { listModels, type PullOptions, type PullProgress, pullModel } from '../../stdlib/models/pull.ts';
import { printable } from '../display/printable.ts';
import { type Action, EXIT, flag, type Terminal, UsageError } from './command.ts';

export const models: Action = async (invocation) => {
	const { operands, terminal } = invocation;
	const [what, name, ...more] = operands;
	if (what === undefined) return list(flag(invocation, 'json'), terminal);
	if (what !== 'pull')
		throw new UsageError(
			`\`assay models\` has no \`${what}\``,
			'`assay models` lists them, `assay models pull NAME` fetches one',
		);
	if (name === undefined || more.length > 0)
		throw new UsageError('name one model to pull', `assay models pull ${KNOWN_MODELS[0]?.name}`);
	const interrupt = new AbortController();
	const onSignal = (): void => interrupt.abort(new Error('interrupted'));
	process.once('SIGINT', onSignal);
	try {
		await pullModel(name, { ...pullProgress(terminal), signal: interrupt.signal });
		return EXIT.done;
	} catch (error) {
		if (!interrupt.signal.aborted) throw error;
		terminal.err.write('\ninterrupted; pull again to go on\n');
		return EXIT.interrupted;
	} finally {
		process.off('SIGINT', onSignal);
	}
};

function list(json: boolean, terminal: Terminal): typeof EXIT.done {
	const here = listModels();
	const pocket = POCKET_MODELS.filter(({ name }) => pocketFolder(name) !== null).map((model) => ({
		name: model.name,
		path: model.folder,
		bytes: pocketBytes(model),
	}));
	if (json) {
		terminal.out.write(`${JSON.stringify({ here, pocket, known: KNOWN_MODELS }, null, 2)}\n`);
		return EXIT.done;
	}
	for (const model of pocket)
		terminal.out.write(
			`${model.name.padEnd(32)} ${(model.bytes / 1e6).toFixed(1).padStart(6)} MB  a model organism that comes with Assay: lm("${model.name}")\n`,
		);
	for (const model of here)
		terminal.out.write(
			`${printable(model.name).padEnd(32)} ${(model.bytes / 1e6).toFixed(0).padStart(6)} MB  ${printable(model.path)}\n`,
		);
	for (const known of KNOWN_MODELS) {
		if (here.some((model) => model.name === known.name)) continue;
		terminal.out.write(
			`${known.name.padEnd(32)} ${(known.bytes / 1e6).toFixed(0).padStart(6)} MB  not here: assay models pull ${known.name}\n`,
		);
	}
	return EXIT.done;
}

/** Says how a pull goes: one line that is redrawn in a terminal, one line a phase elsewhere. */
export function pullProgress(terminal: Terminal): Pick<PullOptions, 'onProgress'> {
	const { err } = terminal;
	let open = false;
	let shown = '';
	const line = (text: string, stays: boolean): void => {
		if (!stays && !err.isTTY) return;
		err.write(`${open ? '\r\u001b[K' : ''}${printable(text)}${stays ? '\n' : ''}`);
		open = !stays;
	};
	return {
		onProgress: (progress) => {
			const text = sentence(progress);
			if (text === shown) return;
			shown = text;
			line(text, progress.phase !== 'download');
		},
	};
}

function sentence(progress: PullProgress): string {
	switch (progress.phase) {
		case 'present':
			return `${progress.model} is here: ${progress.path}`;
		case 'download':
			return `fetching ${progress.model} from ${progress.from}: ${(progress.done / 1e6).toFixed(0)} of ${(progress.total / 1e6).toFixed(0)} MB`;
		case 'skipped':
			return `not from ${progress.from}: ${progress.reason}`;
		case 'unpack':
			return `unpacking ${progress.model}`;
		case 'verify':
			return `checking the hash of ${progress.model}`;
		case 'runtime':
			return `installing llama.cpp to run ${progress.model}`;
		case 'done':
			return `${progress.model} is ready: ${progress.path}`;
	}
}
