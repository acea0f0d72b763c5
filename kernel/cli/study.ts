import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Compiled } from '../../dsl/compile.ts';
import { UserError } from '../../stdlib/define.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { countText, diagnosticText } from '../display/diagnostic-text.ts';
import { wantsColor } from '../display/paint.ts';
import { compileStudy } from '../study/compile.ts';
import { type Invocation, listOption, type Terminal, UsageError } from './command.ts';

/** A study's text; bytes that are no UTF-8 are read as replacement characters, which the lexer then reports. */
export function readStudy(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === 'ENOENT') throw new UserError(`there is no file ${path}`, 'check the path');
		if (code === 'EISDIR')
			throw new UserError(`${path} is a folder`, `name a study in it: ${path.replace(/\/?$/, '/')}….assay`);
		throw new UserError(`${path} cannot be read: ${(error as Error).message}`);
	}
}

/** `--set n=50 --set name=x` as a record. */
export function paramValues(invocation: Invocation): Record<string, string> {
	const values: Record<string, string> = {};
	for (const setting of listOption(invocation, 'set')) {
		const at = setting.indexOf('=');
		if (at < 1) throw new UsageError(`--set takes name=value, not "${setting}"`, 'for example --set n=50');
		values[setting.slice(0, at).trim()] = setting.slice(at + 1);
	}
	return values;
}

export async function compileFile(
	path: string,
	invocation: Invocation,
	stage: 'check' | 'plan',
): Promise<Compiled> {
	const text = readStudy(path);
	return compileStudy({ text, path, library: standardLibrary, params: paramValues(invocation), stage });
}

/** Prints what is wrong with a study; true when it has errors. */
export function printDiagnostics(compiled: Compiled, path: string, terminal: Terminal): boolean {
	const { diagnostics } = compiled;
	const text = readStudy(path);
	const shown = relative(process.cwd(), path) || path;
	const color = wantsColor(terminal.err);
	const limit = 50;
	for (const diagnostic of diagnostics.slice(0, limit)) {
		terminal.err.write(`${diagnosticText(diagnostic, { path: shown, text, color })}\n\n`);
	}
	if (diagnostics.length > limit) terminal.err.write(`… and ${diagnostics.length - limit} more\n\n`);
	const failed = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
	if (diagnostics.length > 0) terminal.err.write(`${shown}: ${countText(diagnostics)}\n`);
	return failed;
}

export function oneOperand(invocation: Invocation, what: string): string {
	const [operand, ...more] = invocation.operands;
	if (!operand) throw new UsageError(`name ${what}`, 'for example study.assay');
	if (more.length > 0)
		throw new UsageError(`name one ${what.replace(/^an? /, '')}, not ${1 + more.length}`, null);
	return operand;
}
