import { dirname, resolve } from 'node:path';
import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { clipText } from '../display/text-fit.ts';
import { showDuration } from '../engine/duration.ts';
import { type NotebookDocument, readNotebook, writeNotebook } from '../notebook/document.ts';
import { type CellProgress, executeNotebook, type NotebookOutcome } from '../notebook/execute.ts';
import { type Action, EXIT, type Invocation, textOption } from './command.ts';
import { interruptible } from './interruptible.ts';
import { notebookParams } from './notebook-params.ts';

/** Runs a notebook's cells in a kernel of their own and writes it with what they showed. */
export const notebookRun: Action = async (invocation) => {
	const path = invocation.operands[0] as string;
	const document = readNotebook(path);
	const out = textOption(invocation, 'out') ?? path;
	const params = notebookParams(document, invocation);
	keepParams(document, params);
	const interrupt = interruptible();
	try {
		const outcome = await executeNotebook(document, {
			folder: dirname(resolve(path)),
			env: { ...process.env, ASSAY_PARAMS: JSON.stringify(params) },
			signal: interrupt.signal,
			onChange: () => writeNotebook(out, document),
			onCell: cellLines(invocation),
		});
		writeNotebook(out, document);
		tellOutcome(outcome, out, invocation);
		return outcome.status === 'done'
			? EXIT.done
			: outcome.status === 'failed'
				? EXIT.failures
				: EXIT.interrupted;
	} finally {
		interrupt.release();
	}
};

/** The notebook says what it was run with: a pack is made with the same. */
function keepParams({ metadata }: NotebookDocument, params: Readonly<Record<string, string>>): void {
	if (Object.keys(params).length > 0) metadata.assay = { params };
	else delete metadata.assay;
}

/** A line for each cell; in a terminal the cell at work has one too. */
export function cellLines({ terminal: { err } }: Invocation): (progress: CellProgress) => void {
	const colors = paint(wantsColor(err));
	const width = Math.min(err.columns ?? 80, 100);
	return ({ number, total, source, state, seconds }) => {
		const head = `[${number}/${total}]`;
		const time = state === 'begun' ? '' : `  ${showDuration(seconds)}`;
		const first = source.split('\n').find((line) => line.trim() !== '' && !/^\s*%/.test(line)) ?? source;
		const text = clipText(printable(first.trim()), Math.max(10, width - head.length - time.length - 4));
		const mark = { begun: colors.dim('…'), done: colors.good('✓'), failed: colors.error('✗') }[state];
		const line = `${mark} ${colors.dim(head)} ${text}${colors.dim(time)}`;
		if (state !== 'begun') err.write(`${err.isTTY ? '\r\u001b[K' : ''}${line}\n`);
		else if (err.isTTY) err.write(line);
	};
}

function tellOutcome(outcome: NotebookOutcome, out: string, invocation: Invocation): void {
	const { err } = invocation.terminal;
	if (outcome.status === 'failed') tellFailure(outcome, `the notebook so far is in ${out}`, invocation);
	else if (outcome.status === 'interrupted')
		err.write(`interrupted; the notebook so far is in ${printable(out)}, and finished calls are kept\n`);
	else err.write(`${paint(wantsColor(err)).good('✓')} ${printable(out)}\n`);
}

/** The error of the cell that failed, and what that means for the command. */
export function tellFailure(
	{ cell, error }: Extract<NotebookOutcome, { status: 'failed' }>,
	consequence: string,
	{ terminal: { err } }: Invocation,
): void {
	const { traceback, ename, evalue } = error;
	const lines = traceback.length > 0 ? traceback : [`${ename}: ${evalue}`];
	err.write(`\n${coloured(lines.join('\n'), wantsColor(err))}\n\n`);
	err.write(`${paint(wantsColor(err)).error('error')}: cell ${cell} failed; ${printable(consequence)}\n`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
const COLOR = /(\u001b\[[\d;]*m)/;

/** Text with its colours and no other escape sequence; without a terminal not those either. */
const coloured = (text: string, color: boolean): string =>
	text
		.split(COLOR)
		.map((part, i) => (i % 2 === 0 ? printable(part, true) : color ? part : ''))
		.join('');
