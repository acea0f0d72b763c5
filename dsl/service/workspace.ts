import type { Declaration, Name } from '../ast.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { parse } from '../parser/parser.ts';
import type { Span } from '../span.ts';
import type { Completions } from './completion.ts';
import type { Hover } from './hover.ts';
import { LanguageService, type ServiceOptions } from './language-service.ts';
import type { Edit } from './rename.ts';
import type { SignatureHelp } from './signature-help.ts';

/** A place in a cell. */
export interface CellSpan {
	readonly cell: string;
	readonly span: Span;
}

export type CellRenaming =
	| { readonly kind: 'edits'; readonly edits: readonly { readonly cell: string; readonly edit: Edit }[] }
	| { readonly kind: 'refused'; readonly message: string };

interface Cell {
	readonly id: string;
	readonly text: string;
	readonly declarations: readonly Declaration[];
	/** Offset of the cell in the program. */
	readonly start: number;
}

/**
 * Several cells as one growing program. The cell that was set last wins: what it declares replaces earlier declarations
 * of the same names, which are blanked out so that every offset stays where it is.
 */
export class Workspace {
	private readonly service: LanguageService;
	private readonly options: ServiceOptions;
	private cells: Cell[] = [];

	constructor(options: ServiceOptions) {
		this.options = options;
		this.service = new LanguageService('', options);
	}

	/** A copy to ask about a cell that is being typed, without changing this one. */
	fork(): Workspace {
		const copy = new Workspace(this.options);
		copy.cells = this.cells;
		copy.assemble();
		return copy;
	}

	/** Adds a cell, or gives it a new text; either way it is now the last one. */
	set(id: string, text: string): void {
		this.cells = this.cells.filter((cell) => cell.id !== id);
		this.cells.push({ id, text, declarations: parse(text).program.declarations, start: 0 });
		this.assemble();
	}

	remove(id: string): void {
		this.cells = this.cells.filter((cell) => cell.id !== id);
		this.assemble();
	}

	/** Ids in the order in which the cells count. */
	get ids(): readonly string[] {
		return this.cells.map((cell) => cell.id);
	}

	/** The program that the cells make: what is compiled, planned and run. */
	get text(): string {
		return this.service.text;
	}

	/** The whole program, for its needs and its compiled form. */
	get program(): LanguageService {
		return this.service;
	}

	/** The cell that an offset of the program lies in. */
	locate(offset: number): { readonly cell: string; readonly offset: number } | null {
		const cell = this.cells.findLast(({ start }) => start <= offset);
		return cell ? { cell: cell.id, offset: Math.min(offset - cell.start, cell.text.length) } : null;
	}

	/** Problems of one cell, in its own offsets. */
	diagnostics(id: string): readonly Diagnostic[] {
		const cell = this.cell(id);
		const end = cell.start + cell.text.length;
		return this.service
			.diagnostics()
			.filter(({ span }) => span.start >= cell.start && span.start <= end)
			.map((diagnostic) => shiftDiagnostic(diagnostic, -cell.start, cell.text.length));
	}

	complete(id: string, offset: number): Completions {
		const { start } = this.cell(id);
		const { span, items } = this.service.complete(start + offset);
		return { span: shift(span, -start), items };
	}

	hover(id: string, offset: number): Hover | null {
		const { start } = this.cell(id);
		const hover = this.service.hover(start + offset);
		return hover && { ...hover, span: shift(hover.span, -start) };
	}

	signatureHelp(id: string, offset: number): SignatureHelp | null {
		return this.service.signatureHelp(this.cell(id).start + offset);
	}

	definition(id: string, offset: number): CellSpan | null {
		const span = this.service.definition(this.cell(id).start + offset);
		return span && this.toCell(span);
	}

	references(id: string, offset: number): readonly CellSpan[] {
		return this.service.references(this.cell(id).start + offset).flatMap((span) => this.toCell(span) ?? []);
	}

	rename(id: string, offset: number, newName: string): CellRenaming {
		const renaming = this.service.rename(this.cell(id).start + offset, newName);
		if (renaming.kind === 'refused') return renaming;
		const edits = renaming.edits.flatMap(({ span, text }) => {
			const place = this.toCell(span);
			return place ? [{ cell: place.cell, edit: { span: place.span, text } }] : [];
		});
		return { kind: 'edits', edits };
	}

	private cell(id: string): Cell {
		const cell = this.cells.find((candidate) => candidate.id === id);
		if (!cell) throw new Error(`the workspace has no cell ${id}`);
		return cell;
	}

	private toCell(span: Span): CellSpan | null {
		const place = this.locate(span.start);
		return (
			place && { cell: place.cell, span: { start: place.offset, end: place.offset + span.end - span.start } }
		);
	}

	private assemble(): void {
		let start = 0;
		this.cells = this.cells.map((cell) => {
			const placed = { ...cell, start };
			start += cell.text.length + 1;
			return placed;
		});
		const later = new Set<string>();
		const texts = this.cells.toReversed().map(({ text, declarations }) => {
			const kept = blank(
				text,
				declarations.flatMap((declaration) => replacedSpans(declaration, text, later)),
			);
			for (const name of declarations.flatMap(namesOf)) later.add(name);
			return kept;
		});
		this.service.update(texts.reverse().join('\n'));
	}
}

/** A study has no name, and there is one at most. */
const STUDY = 'study ';

function namesOf(declaration: Declaration): string[] {
	if (declaration.kind === 'study') return [STUDY];
	if (declaration.kind === 'use') return declaration.names.map((name) => name.text);
	return declaration.name ? [declaration.name.text] : [];
}

/** The parts of a declaration that go when other cells declare some of its names. */
function replacedSpans(declaration: Declaration, text: string, later: ReadonlySet<string>): Span[] {
	const names = namesOf(declaration);
	const kept = names.filter((name) => !later.has(name));
	if (kept.length === names.length) return [];
	if (declaration.kind !== 'use' || kept.length === 0) return [declaration.span];
	const list = {
		start: (declaration.names[0] as Name).span.start,
		end: (declaration.names.at(-1) as Name).span.end,
	};
	return gaps(
		list,
		keptSpans(
			declaration.names.filter((name) => !later.has(name.text)),
			text,
		),
	);
}

/** Names that stay, and one comma between two of them. */
function keptSpans(names: readonly Name[], text: string): Span[] {
	return names.flatMap(({ span }, i) => {
		const comma = text.indexOf(',', span.end);
		return i < names.length - 1 ? [span, { start: comma, end: comma + 1 }] : [span];
	});
}

function gaps(within: Span, kept: readonly Span[]): Span[] {
	const edges = [within.start, ...kept.flatMap(({ start, end }) => [start, end]), within.end];
	const spans: Span[] = [];
	for (let i = 0; i < edges.length; i += 2)
		spans.push({ start: edges[i] as number, end: edges[i + 1] as number });
	return spans;
}

function blank(text: string, spans: readonly Span[]): string {
	let result = text;
	for (const { start, end } of spans) {
		result = result.slice(0, start) + result.slice(start, end).replace(/[^\r\n]/g, ' ') + result.slice(end);
	}
	return result;
}

const shift = (span: Span, by: number): Span => ({ start: span.start + by, end: span.end + by });

/** Labels that point into other cells are dropped: there is no line to show under them. */
function shiftDiagnostic(diagnostic: Diagnostic, by: number, length: number): Diagnostic {
	const inside = (span: Span): boolean => span.start + by >= 0 && span.end + by <= length;
	const fix = diagnostic.fix?.edits.every((edit) => inside(edit.span)) ? diagnostic.fix : null;
	return {
		...diagnostic,
		span: shift(diagnostic.span, by),
		also: diagnostic.also
			.filter((also) => inside(also.span))
			.map((also) => ({ ...also, span: shift(also.span, by) })),
		fix: fix && { ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: shift(edit.span, by) })) },
	};
}
