import type { Reference } from '../check/context.ts';
import type { Binding } from '../check/scope.ts';
import type { Compiled } from '../compile.ts';
import type { CompilerLibrary } from '../library.ts';
import { contains, type Span } from '../span.ts';
import { membersOf } from '../types/members.ts';
import { showType } from '../types/show.ts';
import { isApp, type Type, unlabel } from '../types/type.ts';
import { code, functionBody, KEYWORDS, sections, typeMarkdown } from './documentation.ts';
import { signatureOfType, signaturesOf } from './signatures.ts';
import { definedNames } from './symbols.ts';
import { pathAt } from './tree.ts';

export interface Hover {
	readonly span: Span;
	readonly markdown: string;
}

/** Type, documentation and citation of what is written at an offset. */
export function hoverAt(compiled: Compiled, offset: number, library: CompilerLibrary): Hover | null {
	return (
		overReference(compiled, offset, library) ??
		overDefinition(compiled, offset) ??
		overType(compiled, offset, library) ??
		overKeyword(compiled, offset)
	);
}

/** A prompt without annotations is checked once for each use: the last reference knows most. */
function overReference(compiled: Compiled, offset: number, library: CompilerLibrary): Hover | null {
	const reference = compiled.info.references.findLast(({ span }) => contains(span, offset));
	const markdown = reference && describe(reference, compiled, library);
	return markdown ? { span: reference.span, markdown } : null;
}

function describe({ target }: Reference, compiled: Compiled, library: CompilerLibrary): string | null {
	switch (target.kind) {
		case 'library': {
			const fn = library.functions.get(target.name);
			return fn ? functionBody(fn) : null;
		}
		case 'argument': {
			const fn = library.functions.get(target.fn);
			const param =
				fn &&
				signaturesOf(fn)
					.flatMap((signature) => signature.params)
					.find((p) => p.name === target.name);
			return fn && param
				? sections(code(param.label), `of \`${fn.name}\``, fn.doc)
				: code(`${target.name} of ${target.fn}`);
		}
		case 'member': {
			const member = membersOf(target.owner).find((candidate) => candidate.name === target.name);
			return sections(
				code(`${target.name}: ${showType(target.type)}`),
				member?.doc ?? ownerDoc(target.owner, library),
			);
		}
		case 'binding':
			return bindingMarkdown(target.binding, compiled);
	}
}

function ownerDoc(owner: Type, library: CompilerLibrary): string | null {
	const plain = unlabel(owner);
	const type = plain.k === 'record' && plain.name ? library.types.get(plain.name) : undefined;
	return type ? `a field of \`${type.name}\`: ${type.doc}` : null;
}

const WORDS = {
	declaration: 'let',
	variable: 'for',
	field: 'field',
	column: 'column',
	parameter: 'parameter',
} as const;

export function bindingMarkdown(binding: Binding, compiled: Compiled): string {
	const plain = unlabel(binding.type);
	const word = binding.kind === 'declaration' ? keywordOf(binding.name, compiled) : WORDS[binding.kind];
	const shown =
		plain.k === 'function' && binding.kind === 'declaration'
			? signatureOfType(binding.name, plain).label
			: `${binding.name}: ${showType(binding.type, FIELDS)}`;
	const labelled = isApp(binding.type, 'Labelled') ? 'Its name in the record is `.name`.' : null;
	const origin = binding.origin ? `from \`${binding.origin}\`` : null;
	return sections(code(`${word} ${shown}`), binding.doc, labelled, origin);
}

/** More than an error message shows: who hovers wants to know the columns. */
const FIELDS = 20;

function keywordOf(name: string, compiled: Compiled): string {
	for (const declaration of compiled.program.declarations) {
		if (declaration.kind === 'use' && declaration.names.some((used) => used.text === name)) return 'use';
		if (!('name' in declaration) || declaration.name?.text !== name) continue;
		return declaration.kind === 'value' ? declaration.keyword : declaration.kind;
	}
	return 'let';
}

function overDefinition(compiled: Compiled, offset: number): Hover | null {
	let found: Hover | null = null;
	for (const binding of definedNames(compiled)) {
		if (!binding.span || !contains(binding.span, offset)) continue;
		found = { span: binding.span, markdown: bindingMarkdown(binding, compiled) };
	}
	return found;
}

function overType(compiled: Compiled, offset: number, library: CompilerLibrary): Hover | null {
	const node = pathAt(compiled.program, offset).at(-1);
	const name = node?.kind === 'name' && 'name' in node ? String(node.name) : '';
	const type = library.types.get(name);
	return node && type ? { span: node.span, markdown: typeMarkdown(type) } : null;
}

function overKeyword(compiled: Compiled, offset: number): Hover | null {
	const declaration = compiled.program.declarations.find(({ span }) => contains(span, offset));
	if (!declaration || declaration.kind === 'error') return null;
	const keyword = declaration.kind === 'value' ? declaration.keyword : declaration.kind;
	const span = { start: declaration.span.start, end: declaration.span.start + keyword.length };
	const [form, doc] = KEYWORDS[keyword] ?? [];
	return contains(span, offset) && form && doc ? { span, markdown: sections(code(form), doc) } : null;
}
