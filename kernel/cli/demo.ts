import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bbq } from '../../stdlib/data/bbq/bbq.ts';
import { UserError } from '../../stdlib/define.ts';
import { pullModel } from '../../stdlib/models/pull.ts';
import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { type Action, EXIT, type Terminal, textOption } from './command.ts';
import { pullProgress } from './models.ts';
import { notebookExport } from './notebook-export.ts';
import { notebookRun } from './notebook-run.ts';

const MODEL = 'smollm2-135m-instruct';
/** Comes with Assay. It knows its own world alone, so it is asked about that. */
const POCKET = 'pocket/1m';
const QUICKSTART = fileURLToPath(new URL('../../notebooks/quickstart.ipynb', import.meta.url));

/** Runs the quickstart notebook on the best that this machine has, saying what that is, and makes a page of it. */
export const demo: Action = async (invocation) => {
	const { terminal } = invocation;
	const model = await modelHere(terminal);
	const set = [`model_name=${model}`, `source=${model === POCKET ? 'pocket' : await dataHere(terminal)}`];
	const folder = textOption(invocation, 'out') ?? 'reports';
	const copy = join(folder, 'quickstart.ipynb');
	copyNotebook(copy);
	say(terminal, `running ${copy} with ${set.map((setting) => `--set ${setting}`).join(' ')}`);
	const code = await notebookRun({ ...invocation, operands: [copy], options: { set } });
	if (code !== EXIT.done) return code;
	return notebookExport({ ...invocation, operands: [copy], options: {} });
};

/** The notebook that comes with Assay stays as it is. */
function copyNotebook(copy: string): void {
	try {
		mkdirSync(dirname(copy), { recursive: true });
		copyFileSync(QUICKSTART, copy);
	} catch (error) {
		throw new UserError(
			`${copy} cannot be written: ${(error as Error).message}`,
			'name another folder: assay demo --out <folder>',
		);
	}
}

/** The real model where it can be had; else a model organism that comes with Assay. */
async function modelHere(terminal: Terminal): Promise<string> {
	try {
		await pullModel(MODEL, pullProgress(terminal));
		say(
			terminal,
			`model: ${MODEL}, a real language model of 135 million parameters, on this machine's processor`,
		);
		return `gguf/${MODEL}`;
	} catch (error) {
		say(
			terminal,
			`model: ${POCKET}, a tiny model organism that comes with Assay, since ${MODEL} cannot be had here (${reason(error)})`,
		);
		say(terminal, 'data: questions about the invented world that it was trained on');
		return POCKET;
	}
}

/** The published items where they can be had; else the stand-in that comes with Assay. */
async function dataHere(terminal: Terminal): Promise<string> {
	try {
		const context = { signal: AbortSignal.timeout(60_000), notice: () => {} };
		await bbq({ categories: ['Age', 'Religion'], source: 'published' }, context);
		say(terminal, 'data: BBQ as published (Parrish et al. 2022)');
		return 'published';
	} catch (error) {
		say(terminal, `data: a stand-in written for Assay, since BBQ cannot be had here (${reason(error)})`);
		return 'miniature';
	}
}

const reason = (error: unknown): string =>
	error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);

const say = (terminal: Terminal, sentence: string): void => {
	terminal.err.write(`${paint(wantsColor(terminal.err)).accent('•')} ${printable(sentence)}\n`);
};
