import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { LineMap } from '../../dsl/line-map.ts';
import type { Span } from '../../dsl/span.ts';
import { type Paint, paint } from './paint.ts';
import { displayWidth, printable } from './printable.ts';

export interface DiagnosticTextOptions {
	readonly path: string;
	readonly text: string;
	readonly color: boolean;
}

/** Diagnostics as a terminal shows them: the line of the program with carets under what is meant. */
export function diagnosticText(diagnostic: Diagnostic, options: DiagnosticTextOptions): string {
	const colors = paint(options.color);
	const lines = new LineMap(options.text);
	const marks = marksOf(diagnostic, lines);
	const width = String(Math.max(...marks.map((mark) => mark.line))).length;
	const gutter = ' '.repeat(width);
	const start = lines.positionAt(diagnostic.span.start);
	const head = colors[diagnostic.severity](`${diagnostic.severity}[${diagnostic.code}]`);
	const out = [
		`${head}${colors.bold(`: ${printable(diagnostic.message)}`)}`,
		`${gutter} ${colors.dim('┌─')} ${options.path}:${start.line}:${start.column}`,
	];
	let before: number | null = null;
	for (const mark of marks) {
		if (before !== null && mark.line > before + 1) out.push(`${gutter} ${colors.dim('·')}`);
		if (mark.line !== before) {
			const source = printable(lines.lineText(mark.line)).trimEnd();
			out.push(`${colors.dim(`${String(mark.line).padStart(width)} │`)} ${source}`.trimEnd());
		}
		out.push(`${gutter} ${colors.dim('│')} ${underline(mark, diagnostic.severity, colors)}`.trimEnd());
		before = mark.line;
	}
	if (diagnostic.help)
		out.push(`${gutter} ${colors.dim('=')} ${colors.bold('help')}: ${printable(diagnostic.help)}`);
	return out.join('\n');
}

interface Mark {
	readonly line: number;
	/** Width in columns of what stands left of the mark. */
	readonly indent: number;
	readonly width: number;
	readonly label: string;
	readonly primary: boolean;
}

function marksOf(diagnostic: Diagnostic, lines: LineMap): Mark[] {
	const primary = markOf(diagnostic.span, diagnostic.label, true, lines);
	const others = diagnostic.also
		.filter((also) => also.label !== '')
		.map((also) => markOf(also.span, also.label, false, lines));
	return [primary, ...others].sort((a, b) => a.line - b.line || Number(b.primary) - Number(a.primary));
}

function markOf(span: Span, label: string, primary: boolean, lines: LineMap): Mark {
	const { line } = lines.positionAt(span.start);
	const text = lines.lineText(line);
	const lineStart = lines.lineStarts[line - 1] as number;
	const from = span.start - lineStart;
	const to = Math.min(span.end - lineStart, text.trimEnd().length);
	return {
		line,
		indent: displayWidth(printable(text.slice(0, from))),
		width: Math.max(1, displayWidth(printable(text.slice(from, to)))),
		label,
		primary,
	};
}

function underline(mark: Mark, severity: 'error' | 'warning', colors: Paint): string {
	const sign = (mark.primary ? '^' : '-').repeat(mark.width);
	const color = mark.primary ? colors[severity] : colors.dim;
	return `${' '.repeat(mark.indent)}${color(mark.label ? `${sign} ${printable(mark.label)}` : sign)}`;
}

/** How many there were, as the last line of a check. */
export function countText(diagnostics: readonly Diagnostic[]): string {
	const errors = diagnostics.filter((d) => d.severity === 'error').length;
	const warnings = diagnostics.length - errors;
	const parts = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''];
	return parts.filter((part) => part !== '').join(', ') || 'no problems';
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
