import { basename, extname } from 'node:path';
import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { type NotebookDocument, readNotebook } from '../notebook/document.ts';
import { type Action, EXIT, type Invocation, listOption, textOption } from './command.ts';
import { interruptible } from './interruptible.ts';
import { notebookParams, storedParams } from './notebook-params.ts';
import { cellLines, tellFailure } from './notebook-run.ts';
import { version } from './version.ts';
import { writeWhole } from './write-whole.ts';

/** Packs a notebook with everything that makes it run again elsewhere. */
export const notebookPack: Action = async (invocation) => {
	const path = invocation.operands[0] as string;
	const document = readNotebook(path);
	const before = structuredClone(document);
	const out =
		textOption(invocation, 'out') ?? `${path.slice(0, path.length - extname(path).length)}.assaypack`;
	const given = notebookParams(document, invocation);
	const params = Object.keys(given).length > 0 ? given : storedParams(document);
	const { err } = invocation.terminal;
	const interrupt = interruptible();
	try {
		const { makePack } = await import('../notebook/pack/make-pack.ts');
		const made = await makePack(document, {
			path,
			params,
			more: listOption(invocation, 'with'),
			env: process.env,
			version,
			signal: interrupt.signal,
			onCell: cellLines(invocation),
		});
		if (made.status === 'interrupted') {
			err.write(`interrupted: nothing was packed, and no file was written\n`);
			return EXIT.interrupted;
		}
		if (made.status === 'failed') {
			tellFailure(made, `nothing was packed`, invocation);
			err.write(`  the pack's copy of the notebook runs from the store, without network and without keys, and with the files
  that its cells name. Run it first: assay notebook run ${basename(path)}; a file that is missing: --with <file>\n`);
			return EXIT.failures;
		}
		writeWhole(out, made.bytes, 'the pack');
		for (const note of [...made.notes, ...(await newOutputs(before, document))])
			err.write(`! ${printable(note)}\n`);
		tell(invocation, out, made.bytes.length, made.manifest, made.names);
		return EXIT.done;
	} finally {
		interrupt.release();
	}
};

/** Whether the notebook's file shows something else than the pack. */
async function newOutputs(before: NotebookDocument, after: NotebookDocument): Promise<string[]> {
	if (before.cells.every((cell) => cell.cell_type !== 'code' || cell.outputs.length === 0)) return [];
	const { compareNotebooks } = await import('../notebook/pack/compare.ts');
	const cells = new Set(compareNotebooks(before, after).differences.map(({ cell }) => cell));
	return cells.size === 0
		? []
		: [
				`what the notebook's file shows in ${cells.size === 1 ? 'cell' : 'cells'} ${[...cells].join(', ')} is not what comes now; the pack has what comes now`,
			];
}

function tell(
	{ terminal: { out, err } }: Invocation,
	path: string,
	bytes: number,
	{
		cassette,
		models,
	}: {
		readonly cassette: { readonly calls: number } | null;
		readonly models: readonly { provider: string; model: string }[];
	},
	names: readonly string[],
): void {
	const colors = paint(wantsColor(err));
	for (const name of names) out.write(`  ${printable(name)}\n`);
	const calls = cassette
		? `${cassette.calls} calls of ${models.map(({ provider, model }) => `${provider}/${model}`).join(', ')}`
		: 'no calls';
	err.write(`${colors.good('✓')} ${printable(path)}: ${calls}, ${(bytes / 1024).toFixed(0)} KiB\n`);
}
