import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, stripVTControlCharacters } from 'node:util';
import { UserError } from '../../../stdlib/define.ts';
import { paint } from '../../display/paint.ts';
import type { CellError } from '../contracts.ts';
import type { TypeDiagnostic } from './server-answers.ts';
import type { CellSyntaxError } from './syntax.ts';
import { type Point, pointAt } from './text-edits.ts';

const colors = paint(true);
const ASSAY = resolve(import.meta.dirname, '../../..');
const OWN = ['kernel', 'dsl', 'stdlib'].map((room) => `${ASSAY}/${room}/`);

/** What is known of a cell that errors may point into, by the name under which its code runs (`Cell [3]`). */
export interface CellSource {
	readonly code: string;
	/** From a place that a stack names to the place in the cell, both from 0. */
	readonly toSource: (point: Point) => Point;
}

export interface ErrorPlaces {
	readonly folder: string;
	cell(name: string): CellSource | undefined;
}

/** Errors that the checker found, each with its line and what is meant underlined, as `tsc` prints them. */
export function typeErrors(cellName: string, code: string, found: readonly TypeDiagnostic[]): CellError {
	const [first] = found;
	const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
	return {
		status: 'error',
		ename: first ? `TS${first.code}` : 'Error',
		evalue: `${first?.message ?? ''}${more}`,
		traceback: typeErrorTexts(cellName, code, found),
	};
}

export const typeErrorTexts = (name: string, code: string, found: readonly TypeDiagnostic[]): string[] =>
	found.map((diagnostic) => typeErrorText(name, code, diagnostic));

function typeErrorText(
	name: string,
	code: string,
	{ range, code: number, message, related }: TypeDiagnostic,
): string {
	const { start, end } = range;
	const head = `${colors.accent(`${name}:${start.line + 1}:${start.character + 1}`)} - ${colors.error('error')} ${colors.dim(`TS${number}`)}: ${message}`;
	const line = code.split('\n')[start.line] ?? '';
	const until = end.line === start.line ? end.character : line.trimEnd().length;
	return [
		head,
		'',
		...frameLine(line, start.line, start.character, until - start.character),
		...related.map((text) => `  ${text}`),
		'',
	].join('\n');
}

function frameLine(line: string, index: number, column: number, width: number): string[] {
	const number = String(index + 1);
	// Tabs stay tabs, so that the marks stand where the text does whatever a tab's width is.
	const indent = line.slice(0, column).replace(/[^\t]/g, ' ');
	return [
		`${colors.dim(number)} ${line}`,
		`${' '.repeat(number.length)} ${indent}${colors.error('~'.repeat(Math.max(1, width)))}`,
	];
}

/** A cell that the checker has nothing against and that cannot be run, such as one with decorators. */
export function syntaxError(cellName: string, code: string, error: CellSyntaxError): CellError {
	const traceback = [`${colors.error('SyntaxError')}: ${error.message}`];
	if (error.offset !== null) {
		const { line, column } = pointAt(code, error.offset);
		traceback.push(colors.dim(`    at ${cellName}, line ${line + 1}`));
		traceback.push('', ...frameLine(code.split('\n')[line] ?? '', line, column, 1), '');
	}
	return { status: 'error', ename: 'SyntaxError', evalue: error.message, traceback };
}

/** Whatever was thrown, as Jupyter shows it: the frames of the kernel are left out, places are those in the cells. */
export function thrownError(thrown: unknown, places: ErrorPlaces): CellError {
	if (!(thrown instanceof Error)) return thrownValue(thrown);
	const { name, message } = nameOf(thrown);
	return {
		status: 'error',
		ename: name,
		evalue: message,
		traceback: safely(() => tracebackOf(thrown, places, 0)),
	};
}

/** Errors may be proxies, and their properties may throw. */
function safely(traceback: () => string[]): string[] {
	try {
		return traceback();
	} catch {
		return [colors.error('an error that throws when it is looked at')];
	}
}

function thrownValue(thrown: unknown): CellError {
	const shown = inspectSafely(thrown);
	return {
		status: 'error',
		ename: thrown === null ? 'null' : typeof thrown,
		evalue: typeof thrown === 'string' ? clip(thrown) : shown,
		traceback: [
			`${colors.error('thrown')}: ${shown}`,
			colors.dim('what was thrown is not an Error, so nothing says where'),
		],
	};
}

const LONGEST_MESSAGE = 20_000;
const clip = (text: string): string =>
	text.length > LONGEST_MESSAGE
		? `${text.slice(0, LONGEST_MESSAGE)}… (${text.length - LONGEST_MESSAGE} more characters)`
		: text;

/** Also of an error whose `name` or `message` throws. */
function nameOf(error: Error): { name: string; message: string } {
	try {
		return { name: String(error.name || 'Error'), message: clip(String(error.message)) };
	} catch {
		return { name: 'Error', message: 'an error whose message cannot be read' };
	}
}

function tracebackOf(error: Error, places: ErrorPlaces, depth: number): string[] {
	const { name, message } = nameOf(error);
	const frames = framesOf(error, places);
	const lines = [`${colors.error(name)}: ${message}`];
	const help = error instanceof UserError ? error.help : null;
	if (help) lines.push(`${colors.bold('help')}: ${help}`);
	const top = frames.find((frame) => frame.cell !== null);
	if (top?.cell) lines.push(...codeFrame(top.cell, top));
	lines.push(...frames.map((frame) => colors.dim(`    at ${frame.text}`)));
	const extra = ownProperties(error);
	if (extra) lines.push(extra);
	return depth < 3 ? [...lines, ...nested(error, places, depth)] : lines;
}

function nested(error: Error, places: ErrorPlaces, depth: number): string[] {
	const lines: string[] = [];
	if (error.cause instanceof Error)
		lines.push('', colors.dim('caused by'), ...tracebackOf(error.cause, places, depth + 1));
	if (error instanceof AggregateError)
		for (const one of error.errors.slice(0, 5))
			lines.push('', ...(one instanceof Error ? tracebackOf(one, places, depth + 1) : [inspectSafely(one)]));
	return lines;
}

const HIDDEN = new Set(['name', 'message', 'stack', 'cause', 'errors', 'help', 'requireStack']);

function ownProperties(error: Error): string | null {
	try {
		const entries = Object.entries(error).filter(([key]) => !HIDDEN.has(key));
		return entries.length > 0 ? colors.dim(inspectSafely(Object.fromEntries(entries))) : null;
	} catch {
		return null;
	}
}

interface Frame {
	readonly text: string;
	readonly isCell: boolean;
	readonly cell: CellSource | null;
	readonly line: number;
	readonly column: number;
}

function framesOf(error: Error, places: ErrorPlaces): Frame[] {
	let stack: unknown;
	try {
		stack = error.stack;
	} catch {
		return [];
	}
	if (typeof stack !== 'string') return [];
	const frames = stack
		.split('\n')
		.map((line) => frameOf(line, places))
		.filter((frame) => frame !== null);
	// What called the outermost cell is the kernel.
	const outermost = frames.findLastIndex(({ isCell }) => isCell);
	return outermost < 0 ? frames : frames.slice(0, outermost + 1);
}

function frameOf(line: string, places: ErrorPlaces): Frame | null {
	const found =
		/^\s+at (?:async )?(?:(.*?) \()?((?:Cell \[\d+\])|(?:file:\/\/)?\/.*?|[A-Za-z]:\\.*?):(\d+):(\d+)\)?$/.exec(
			line,
		);
	if (!found) return null;
	const [, called = '', where = '', lineText, columnText] = found;
	const name =
		called === '__cell' || called === ''
			? ''
			: called.replace(/^async (?=$)/, '').replace(/^Object\.<anonymous>$/, '');
	const at = { line: Number(lineText) - 1, column: Number(columnText) - 1 };
	if (where.startsWith('Cell [')) return cellFrame(name, where, at, places);
	return fileFrame(name, where, at, places);
}

function cellFrame(name: string, where: string, at: Point, places: ErrorPlaces): Frame | null {
	// Line 0 is ours: what stands before the cell.
	if (at.line < 0) return null;
	const cell = places.cell(where) ?? null;
	const point = cell ? cell.toSource(at) : at;
	const text = `${where}, line ${point.line + 1}`;
	const isCellItself = name === '' || name === 'async';
	return { text: isCellItself ? text : `${name} (${text})`, isCell: true, cell, ...point };
}

function fileFrame(name: string, where: string, at: Point, places: ErrorPlaces): Frame | null {
	const path = (where.startsWith('file://') ? fileURLToPath(where.replace(/\?.*$/, '')) : where).replace(
		/\?.*$/,
		'',
	);
	if (OWN.some((room) => path.startsWith(room))) return null;
	const near = relative(places.folder, path);
	const shown = near.startsWith('..') || isAbsolute(near) ? path : join('.', near);
	const text = `${shown}:${at.line + 1}`;
	return { text: name === '' ? text : `${name} (${text})`, isCell: false, cell: null, ...at };
}

const CONTEXT = 2;

function codeFrame(cell: CellSource, { line, column }: { line: number; column: number }): string[] {
	const lines = cell.code.split('\n');
	const from = Math.max(0, line - CONTEXT);
	const to = Math.min(lines.length, line + CONTEXT + 1);
	const width = String(to).length;
	const out: string[] = [];
	for (let index = from; index < to; index++) {
		const text = lines[index] ?? '';
		const isHere = index === line;
		out.push(
			`${isHere ? colors.error('>') : ' '} ${colors.dim(`${String(index + 1).padStart(width)} │`)} ${text}`,
		);
		if (isHere)
			out.push(
				`  ${' '.repeat(width)} ${colors.dim('│')} ${text.slice(0, column).replace(/[^\t]/g, ' ')}${colors.error('^')}`,
			);
	}
	return out;
}

/** Never throws, whatever getters and proxies do. */
export function inspectSafely(value: unknown): string {
	try {
		return inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });
	} catch (error) {
		return `[a value that cannot be shown: ${error instanceof Error ? nameOf(error).message : 'its inspection throws'}]`;
	}
}

export const plainText = (text: string): string => stripVTControlCharacters(text);
