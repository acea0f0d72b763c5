import { join } from 'node:path';
import type { CellFolder } from './cell-folder.ts';
import { isPortable } from './portable-type.ts';
import type { CellText, Hover } from './server-answers.ts';
import { type DeclaredName, mentionedNames } from './transform.ts';

/** A cell behind what it needs of earlier ones. */
export type CellContext = CellText;

/** A cell that has run, as the checker sees it. */
interface PastCell {
	readonly id: number;
	readonly code: string;
	readonly prelude: string;
	/** Names of other cells which it may mention. */
	readonly needs: readonly string[];
	/** Names that it declares and does not itself export. */
	readonly exports: readonly string[];
}

export interface CellModule {
	/** Beside its `tsconfig.json`, which says how its imports are found. */
	readonly path: string;
	/** The cell's text, then those of the cells whose names it mentions, as far as that goes. */
	readonly texts: readonly string[];
}

interface KnownName {
	readonly name: string;
	readonly kind: DeclaredName['kind'];
	/** A declaration that says all, or null where only the cell's own text can. */
	readonly declaration: string | null;
	readonly cell: PastCell | null;
}

/**
 * What earlier cells have declared, and how the next cell is told of it. A name whose type is plain text is declared in
 * a prelude; of others the cell is kept as a module that is never run, and the prelude refers to it.
 */
export class KnownNames {
	private readonly names = new Map<string, KnownName>();
	private readonly kept = new Map<number, PastCell>();
	private readonly folder: CellFolder;
	private nextId = 1;

	constructor(folder: CellFolder) {
		this.folder = folder;
	}

	/** Names in the order in which they were first declared. */
	all(): readonly { readonly name: string; readonly kind: DeclaredName['kind'] }[] {
		return [...this.names.values()];
	}

	/** `function`, `class`, `type` or `variable`; null for a name that no cell declares, or imports from somewhere. */
	kindOf(name: string): string | null {
		const kind = this.names.get(name)?.kind;
		if (kind === undefined || kind === 'import') return null;
		return kind === 'let' || kind === 'const' ? 'variable' : kind;
	}

	/** A cell with the text before it, which declares what the cell mentions and does not declare itself. */
	before(code: string, own: readonly string[], also: readonly string[] = []): CellContext {
		const wanted = new Set([...mentionedNames(code), ...also]);
		for (const name of own) wanted.delete(name);
		const known = [...wanted].map((name) => this.names.get(name)).filter((one) => one !== undefined);
		// The same modules in the same order each time: the server rebuilds its program when imports change.
		const imports = [...this.kept.values()].map(({ id }) => {
			const names = known.filter(({ declaration, cell }) => declaration === null && cell?.id === id);
			return `import { ${names.map(importOf).join(', ')} } from './cell_${id}';`;
		});
		const declarations = known.map(declarationOf).filter((text) => text !== '');
		return { prelude: [...imports, ...declarations].join(' '), code };
	}

	/** Notes a name that no cell declares; `declaration` is ambient, such as `declare const n: number;`. */
	announce(name: string, declaration: string): void {
		const kind = /^\s*declare\s+(let|const|function|class)\b/.exec(declaration)?.[1] ?? 'const';
		const text = declaration.trim();
		this.names.set(name, {
			name,
			kind: kind as DeclaredName['kind'],
			declaration: text.endsWith(';') || text.endsWith('}') ? text : `${text};`,
			cell: null,
		});
		this.forgetUnused();
	}

	forget(name: string): void {
		this.names.delete(name);
		this.forgetUnused();
	}

	/**
	 * Notes what a cell declared. `hovers` are in the order of `declared`, null where nobody asked. Returns whether other
	 * modules than before stand behind the cells.
	 */
	commit(text: CellContext, declared: readonly DeclaredName[], hovers: readonly (Hover | null)[]): boolean {
		if (declared.length === 0) return false;
		const before = [...this.kept.keys()].join();
		const exported = new Set(exportedNames(text.code));
		const names = [...new Set(declared.map(({ name }) => name))];
		const exports = names.filter((name) => !exported.has(name));
		const needs = [...mentionedNames(text.code)].filter(
			(name) => this.names.has(name) && !names.includes(name),
		);
		const cell: PastCell = { code: text.code, prelude: text.prelude, needs, id: this.nextId++, exports };
		for (const [index, { name, kind, literalType }] of declared.entries()) {
			const hover = hovers[index] ?? null;
			const isTaken = (word: string): boolean => names.includes(word) || this.names.has(word);
			const declaration = ambient(name, kind, literalType, hover, isTaken);
			this.names.set(name, { name, kind, declaration, cell });
			if (declaration === null) this.keep(cell);
		}
		this.forgetUnused();
		return before !== [...this.kept.keys()].join();
	}

	/** The text of the cell that declares a name. */
	codeOf(name: string): string | null {
		return this.names.get(name)?.cell?.code ?? null;
	}

	/** The cell that declares a name as a module on disk, which exports what the cell declares and is never run. */
	moduleOf(name: string): CellModule | null {
		const cell = this.names.get(name)?.cell;
		if (!cell) return null;
		if (!this.kept.has(cell.id)) this.write(cell);
		const texts = new Set<string>();
		this.collect(cell, texts);
		return { path: join(this.folder.path, `cell_${cell.id}.ts`), texts: [...texts] };
	}

	private collect({ code, needs }: PastCell, texts: Set<string>): void {
		if (texts.has(code)) return;
		texts.add(code);
		for (const name of needs) {
			const needed = this.names.get(name)?.cell;
			if (needed) this.collect(needed, texts);
		}
	}

	private keep(cell: PastCell): void {
		if (this.kept.has(cell.id)) return;
		this.kept.set(cell.id, cell);
		this.write(cell);
	}

	private write({ id, prelude, code, exports }: PastCell): void {
		this.folder.write(`cell_${id}.ts`, `${prelude}\n${code}\nexport { ${exports.join(', ')} };\n`);
	}

	private forgetUnused(): void {
		const used = new Set<number>();
		for (const { cell, declaration } of this.names.values())
			if (cell && declaration === null) used.add(cell.id);
		for (const id of this.kept.keys()) if (!used.has(id)) this.kept.delete(id);
	}
}

const isAssignable = (kind: DeclaredName['kind']): boolean => kind === 'let' || kind === 'const';

/** An import cannot be assigned to, so a variable of that type stands for an imported one. */
const importOf = ({ name, kind }: KnownName): string =>
	isAssignable(kind) ? `${name} as __cell_${name}` : name;

function declarationOf({ name, kind, declaration }: KnownName): string {
	if (declaration !== null) return declaration;
	return isAssignable(kind) ? `declare ${kind} ${name}: typeof __cell_${name};` : '';
}

function ambient(
	name: string,
	kind: DeclaredName['kind'],
	literalType: string | null,
	hover: Hover | null,
	isTaken: (word: string) => boolean,
): string | null {
	if (isAssignable(kind)) {
		const type = literalType ?? typeIn(name, hover);
		return type !== null && isPortable(type, isTaken) ? `declare ${kind} ${name}: ${type};` : null;
	}
	if (kind !== 'function' || !hover || hover.documentation !== '') return null;
	const signature = hover.signature.replace(/\s*\n\s*/g, ' ');
	return signature.startsWith(`function ${name}(`) && isPortable(signature.slice(9 + name.length), isTaken)
		? `declare ${signature};`
		: null;
}

function typeIn(name: string, hover: Hover | null): string | null {
	if (hover?.documentation !== '') return null;
	const found = /^(?:let|const|var) ([^\s:]+): ([\s\S]+)$/.exec(hover.signature);
	return found && found[1] === name ? (found[2] as string).replace(/\s*\n\s*/g, ' ') : null;
}

function exportedNames(code: string): string[] {
	const found = code.matchAll(
		/^[ \t]*export\s+(?:declare\s+|abstract\s+|async\s+)*(?:const\s+enum|const|let|var|function\*?|class|interface|type|enum|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu,
	);
	return [...found].map(([, name = '']) => name);
}
