import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { readPack } from '../notebook/pack/archive.ts';
import { type Comparison, compareNotebooks, TOLERANCE } from '../notebook/pack/compare.ts';
import type { Manifest } from '../notebook/pack/manifest.ts';
import { type Action, EXIT, type ExitCode, type Invocation, textOption, UsageError } from './command.ts';
import { interruptible } from './interruptible.ts';
import { cellLines, tellFailure } from './notebook-run.ts';
import { version } from './version.ts';

/** Runs a pack where nothing helps it, and says whether the same comes out. */
export const notebookVerify: Action = async (invocation) => {
	const path = invocation.operands[0] as string;
	const tolerance = toleranceOf(invocation);
	const pack = readPack(path);
	const { err } = invocation.terminal;
	const note = (text: string): void => void err.write(`! ${printable(text)}\n`);
	for (const text of versionNotes(pack.manifest)) note(text);
	const interrupt = interruptible();
	try {
		const { rerunPack } = await import('../notebook/pack/verify-pack.ts');
		const { packed, now, outcome } = await rerunPack(pack, {
			here: process.cwd(),
			env: process.env,
			onNote: note,
			signal: interrupt.signal,
			onCell: cellLines(invocation),
		});
		if (outcome.status === 'interrupted') {
			err.write(`interrupted before all cells had run: nothing was compared\n`);
			return EXIT.interrupted;
		}
		if (outcome.status === 'failed') {
			tellFailure(outcome, `${path} does not run again`, invocation);
			return EXIT.failures;
		}
		return tellComparison(compareNotebooks(packed, now, tolerance), tolerance, invocation);
	} finally {
		interrupt.release();
	}
};

function toleranceOf(invocation: Invocation): number {
	const text = textOption(invocation, 'tolerance');
	if (text === null) return TOLERANCE;
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0 && value < 1))
		throw new UsageError(`--tolerance takes a number from 0 to 1, not "${text}"`, 'for example 1e-6');
	return value;
}

function versionNotes({ versions }: Manifest): string[] {
	const notes = [];
	if (versions.assay !== version) notes.push(`packed by Assay ${versions.assay}; this is ${version}`);
	if (versions.node !== process.versions.node)
		notes.push(`packed on Node ${versions.node}; this is ${process.versions.node}`);
	return notes;
}

function tellComparison(
	{ outputs, differences }: Comparison,
	tolerance: number,
	{ terminal: { out, err, color } }: Invocation,
): ExitCode {
	const counted = `${outputs} ${outputs === 1 ? 'output' : 'outputs'}`;
	if (differences.length === 0) {
		const within = `numbers within ${tolerance}, relative`;
		err.write(`${paint(wantsColor(err)).good('✓')} the same comes out: ${counted} compared, ${within}\n`);
		return EXIT.done;
	}
	const colors = paint(color);
	for (const { cell, what, lines } of differences) {
		out.write(`${colors.bold(`cell ${cell}, ${printable(what)}`)}\n`);
		for (const line of lines) {
			const text = `  ${printable(line)}`;
			out.write(
				`${line.startsWith('+') ? colors.good(text) : line.startsWith('-') ? colors.error(text) : text}\n`,
			);
		}
	}
	err.write(`${paint(wantsColor(err)).error('✗')} ${differences.length} of ${counted} differ\n`);
	return EXIT.problems;
}
