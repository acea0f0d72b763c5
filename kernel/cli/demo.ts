import { fileURLToPath } from 'node:url';
import { bbq } from '../../stdlib/data/bbq/bbq.ts';
import { pullModel } from '../../stdlib/models/pull.ts';
import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { type Action, type Terminal, textOption } from './command.ts';
import { pullProgress } from './models.ts';
import { run } from './run.ts';

const MODEL = 'smollm2-135m-instruct';

/** Small enough for about three minutes on two cores. */
const ITEMS_PER_CATEGORY = 24;

/** Runs the BBQ example on the best that this machine has, saying what that is. */
export const demo: Action = async (invocation) => {
	const { terminal } = invocation;
	const study = fileURLToPath(new URL('../../examples/bbq.assay', import.meta.url));
	const model = await modelHere(terminal);
	const source = await dataHere(terminal);
	const settings = [`model_name=${model}`, `source=${source}`, `per_category=${ITEMS_PER_CATEGORY}`];
	say(terminal, `running examples/bbq.assay with ${settings.map((setting) => `--set ${setting}`).join(' ')}`);
	const report = textOption(invocation, 'report') ?? 'bbq-report.html';
	return run({ ...invocation, operands: [study], options: { ...invocation.options, set: settings, report } });
};

/** The real model where it can be had; else the simulated responder. */
async function modelHere(terminal: Terminal): Promise<string> {
	try {
		await pullModel(MODEL, pullProgress(terminal));
		say(
			terminal,
			`model: ${MODEL}, a real language model of 135 million parameters, on this machine's processor`,
		);
		return `gguf/${MODEL}`;
	} catch (error) {
		say(terminal, `model: the simulated responder, since ${MODEL} cannot be had here (${reason(error)})`);
		return 'simulated';
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
