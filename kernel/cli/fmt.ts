import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toDiagnostic } from '../../dsl/diagnostics/catalogue.ts';
import { format } from '../../dsl/format/format.ts';
import { diagnosticText } from '../display/diagnostic-text.ts';
import { wantsColor } from '../display/paint.ts';
import { type Action, EXIT, flag, UsageError } from './command.ts';
import { readStudy } from './study.ts';

export const fmt: Action = async (invocation) => {
	const { operands, terminal } = invocation;
	if (operands.length === 0) throw new UsageError('name a study to format', 'assay fmt study.assay');
	const checkOnly = flag(invocation, 'check');
	let [failed, different] = [false, false];
	for (const path of operands.flatMap(studiesIn)) {
		const text = readStudy(path);
		const formatted = format(text);
		if ('problems' in formatted) {
			failed = true;
			for (const found of formatted.problems.map(toDiagnostic)) {
				terminal.err.write(`${diagnosticText(found, { path, text, color: wantsColor(terminal.err) })}\n\n`);
			}
		} else if (formatted.text !== text) {
			different = true;
			if (!checkOnly) replaceFile(path, formatted.text);
			terminal.out.write(`${path}: ${checkOnly ? 'would change' : 'formatted'}\n`);
		}
	}
	return failed || (checkOnly && different) ? EXIT.problems : EXIT.done;
};

/** A file itself, or the studies in a folder; the store's folder `.assay` is none of them. */
function studiesIn(path: string): string[] {
	if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
	const hidden = (name: string): boolean => /(^|[\\/])(\.|node_modules([\\/]|$))/.test(name);
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.assay'))
		.map((entry) => relative(path, join(entry.parentPath, entry.name)))
		.filter((name) => !hidden(name))
		.sort()
		.map((name) => join(path, name));
}

/** All of it or nothing: an interrupted write must not leave half a study. */
function replaceFile(path: string, text: string): void {
	const beside = `${path}.${process.pid}.tmp`;
	writeFileSync(beside, text);
	renameSync(beside, path);
}
