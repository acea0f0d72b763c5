import type {
	ClassDeclaration,
	ExportDefaultDeclaration,
	ExportNamedDeclaration,
	Expression,
	FunctionDeclaration,
	ImportDeclaration,
	ModuleDeclaration,
	Pattern,
	Statement,
	VariableDeclaration,
} from 'acorn';
import { simple } from 'acorn-walk';
import { capturedNames, localiseLoops } from './hot-loops.ts';
import type { ParsedCell } from './syntax.ts';
import { type Point, TextEdits } from './text-edits.ts';
import { topLevelTypes } from './top-level-types.ts';

/** A name which a cell gives to the cells below it. */
export interface DeclaredName {
	readonly name: string;
	readonly kind: 'let' | 'const' | 'function' | 'class' | 'import' | 'type';
	/** Where it stands in the source, or null where the source's positions were lost. */
	readonly offset: number | null;
	/** Its type where a literal says it, so that nobody needs to ask the checker. */
	readonly literalType: string | null;
}

export interface CellImport {
	readonly specifier: string;
	readonly attributes: Readonly<Record<string, string>>;
	/** `imported` is `default`, `*` for the namespace, or a name. */
	readonly names: readonly { readonly imported: string; readonly local: string }[];
}

export interface RunnableCell {
	/** An async function of one argument, `__cell`, whose first line is not the cell's. */
	readonly code: string;
	readonly imports: readonly CellImport[];
	readonly declared: readonly DeclaredName[];
	/** Names that its functions mention: they may be read and changed whenever those run. */
	readonly captured: ReadonlySet<string>;
	/** Nothing in it can have a wrong type: it only gives names to numbers, texts and truth values. */
	readonly isPlain: boolean;
	/** From a place in `code`, its first line being -1, to a place in the cell. */
	readonly toSource: (point: Point) => Point;
}

/** What the names of globals mean outside the cell. */
export interface GlobalNames {
	/** Node's own: assigning to them would break the kernel and every library. */
	isProtected(name: string): boolean;
	/** Node's own, but declared anew by an earlier cell. */
	isShadowed(name: string): boolean;
	/** A variable of an earlier cell, which can be assigned to. */
	isVariable(name: string): boolean;
	/** A function of an earlier cell mentions it. */
	isCaptured(name: string): boolean;
}

/**
 * A cell as a function whose declarations are assignments to globals, so that code of any cell sees the newest. Names
 * that mean something to Node itself (`process`, `setTimeout`, …) stay local and are handed on by `__cell.shadow`.
 */
export function transformCell(parsed: ParsedCell, globals: GlobalNames): RunnableCell {
	return new CellTransform(parsed, globals).run();
}

class CellTransform {
	private readonly edits = new TextEdits();
	private readonly declared: DeclaredName[] = [];
	private readonly imports: CellImport[] = [];
	private readonly hoisted: string[] = [];
	private readonly parsed: ParsedCell;
	private readonly text: string;
	private readonly globals: GlobalNames;

	constructor(parsed: ParsedCell, globals: GlobalNames) {
		this.parsed = parsed;
		this.text = parsed.javaScript;
		this.globals = globals;
	}

	run(): RunnableCell {
		const { program } = this.parsed;
		const { body } = program;
		const captured = capturedNames(program, this.text);
		const own = variablesIn(body);
		// Before all other edits: where two are at one place, what ends a loop comes before what begins after it.
		localiseLoops(program, this.text, this.edits, (name) => {
			if (captured.has(name) || this.globals.isCaptured(name) || this.globals.isProtected(name)) return false;
			return own.has(name) || this.globals.isVariable(name);
		});
		for (const statement of body) this.statement(statement);
		const last = body.at(-1);
		if (last?.type === 'ExpressionStatement') this.returned(last.start, last.expression, last.end);
		if (last?.type === 'ExportDefaultDeclaration' && isExpression(last.declaration))
			this.returned(last.declaration.start, last.declaration, last.end);
		this.moduleForms();
		const types = topLevelTypes(this.parsed);
		this.shadowedNames();
		const { text, toOriginal } = this.edits.apply(this.text);
		// Not by way of `this`, which would keep the tree of every cell.
		const { toSource } = this.parsed;
		return {
			code: `(async (__cell) => { 'use strict';${this.hoisted.join('')}\n${text}\n})`,
			imports: this.imports,
			declared: withTypes(this.declared, types),
			captured,
			isPlain: this.isPlain(),
			toSource: (point) => toSource(toOriginal(point)),
		};
	}

	private isPlain(): boolean {
		const { program, source, samePositions } = this.parsed;
		return (
			samePositions &&
			program.body.length > 0 &&
			// Every statement gives one name, and its type is that of a literal.
			program.body.every(({ type }) => type === 'VariableDeclaration') &&
			this.declared.length === program.body.length &&
			this.declared.every(
				({ literalType, name }) => literalType !== null && !this.globals.isProtected(name),
			) &&
			!/\bvar\b|@ts-/.test(source)
		);
	}

	private statement(node: Statement | ModuleDeclaration): void {
		if (node.type === 'VariableDeclaration') this.variables(node);
		else if (node.type === 'FunctionDeclaration') this.function(node);
		else if (node.type === 'ClassDeclaration') this.class(node);
		else if (node.type === 'ImportDeclaration') this.import(node);
		else if (node.type === 'ExportNamedDeclaration') this.exportNamed(node);
		else if (node.type === 'ExportDefaultDeclaration') this.exportDefault(node);
		else if (node.type === 'ExportAllDeclaration') this.edits.blank(this.text, node.start, node.end);
	}

	private variables(node: VariableDeclaration): void {
		// What `using` declares is disposed of at the end of the cell: no later cell can have it.
		if (node.kind === 'using' || node.kind === 'await using') return;
		const names = node.declarations.flatMap(({ id }) => patternNames(id));
		const literal = node.declarations.length === 1 ? this.literalType(node) : null;
		const kind = node.kind === 'const' ? 'const' : 'let';
		for (const { name, start } of names) this.noteName(name, kind, start, literal);
		if (names.some(({ name }) => this.globals.isProtected(name))) this.shadow(names, node.end);
		else this.reassigned(node, names);
	}

	private reassigned(node: VariableDeclaration, names: readonly { readonly name: string }[]): void {
		// An enum or namespace adds to what has its name: to that of this cell, not of an earlier one.
		if (!this.parsed.samePositions && node.kind === 'var')
			this.hoisted.push(...names.map(({ name }) => ` ${name} = undefined;`));
		this.assignments(node);
		this.after(node.end, names);
	}

	private assignments(node: VariableDeclaration): void {
		const first = node.declarations[0];
		if (!first) return;
		// The semicolon keeps a bracket from calling what the line above ends with.
		this.edits.replace(node.start, first.start, ';');
		for (const { id, init, start, end } of node.declarations) {
			if (!init) {
				if (node.kind !== 'var') this.edits.insert(end, ' = undefined');
			} else if (id.type !== 'Identifier') {
				this.edits.insert(start, '(');
				this.edits.insert(end, ')');
			}
		}
	}

	private literalType({ kind, declarations: [declarator] }: VariableDeclaration): string | null {
		if (!declarator?.init || declarator.id.type !== 'Identifier' || !this.parsed.samePositions) return null;
		const { id, init } = declarator;
		if (!/^\s*=\s*$/.test(this.parsed.source.slice(id.end, init.start))) return null;
		const isNegative = init.type === 'UnaryExpression' && init.operator === '-';
		const literal = isNegative ? init.argument : init;
		if (literal.type !== 'Literal') return null;
		const { value } = literal;
		const isPlain = typeof value === 'number' || (!isNegative && /^(?:string|boolean)$/.test(typeof value));
		if (!isPlain) return null;
		return kind === 'const' ? this.parsed.source.slice(init.start, init.end) : typeof value;
	}

	private function(node: FunctionDeclaration): void {
		const { name, start } = node.id;
		this.noteName(name, 'function', start, null);
		// What the checker says at an implementation is not what its callers see.
		if (this.isOverloaded(name))
			this.declared.push({ ...(this.declared.pop() as DeclaredName), offset: null });
		if (this.globals.isProtected(name)) {
			this.shadow([node.id], node.end);
			return;
		}
		// Hoisted as JavaScript hoists it, under another name, so that calls of it find the newest of that name.
		const local = `__${name}_${this.hoisted.length}`;
		this.edits.replace(start, node.id.end, local);
		this.hoisted.push(` ${name} = __cell.named(${local}, '${name}');`, ` __cell.did('${name}');`);
		this.edits.insert(node.end, ';');
	}

	private isOverloaded(name: string): boolean {
		if (this.parsed.source === this.text) return false;
		const escaped = name.replaceAll('$', '\\$');
		return [...this.parsed.source.matchAll(new RegExp(`\\bfunction\\s+${escaped}\\s*[(<]`, 'g'))].length > 1;
	}

	private class(node: ClassDeclaration): void {
		const { name, start } = node.id;
		this.noteName(name, 'class', start, null);
		if (this.globals.isProtected(name)) {
			this.shadow([node.id], node.end);
			return;
		}
		this.edits.insert(node.start, `;${name} = `);
		this.after(node.end, [node.id]);
	}

	private import(node: ImportDeclaration): void {
		const names = node.specifiers.map((specifier) => {
			const local = specifier.local.name;
			this.noteName(local, 'import', specifier.local.start, null);
			if (specifier.type === 'ImportDefaultSpecifier') return { imported: 'default', local };
			if (specifier.type === 'ImportNamespaceSpecifier') return { imported: '*', local };
			const { imported } = specifier;
			return { imported: imported.type === 'Identifier' ? imported.name : String(imported.value), local };
		});
		const attributes = Object.fromEntries(
			node.attributes.map(({ key, value }) => [
				key.type === 'Identifier' ? key.name : String(key.value),
				String(value.value),
			]),
		);
		this.imports.push({ specifier: String(node.source.value), attributes, names });
		this.edits.blank(this.text, node.start, node.end);
	}

	private exportNamed(node: ExportNamedDeclaration): void {
		const { declaration } = node;
		this.edits.blank(this.text, node.start, declaration?.start ?? node.end);
		if (declaration) this.statement(declaration);
	}

	private exportDefault(node: ExportDefaultDeclaration): void {
		const { declaration } = node;
		this.edits.blank(this.text, node.start, declaration.start);
		if (!isExpression(declaration)) {
			if (declaration.id) this.statement(declaration as FunctionDeclaration | ClassDeclaration);
			return;
		}
		if (node === this.parsed.program.body.at(-1)) return;
		this.edits.insert(declaration.start, ';(');
		this.edits.insert(declaration.end, ')');
	}

	/** Boxed: a promise that is a cell's value is shown, and must not be awaited by the function which returns it. */
	private returned(start: number, expression: Expression, end: number): void {
		this.edits.insert(start, 'return [(');
		this.edits.replace(expression.end, end, `${this.text.slice(expression.end, end).replace(/;$/, '')})]`);
	}

	/** `import()` and `import.meta`, which a script does not have. */
	private moduleForms(): void {
		if (!this.text.includes('import')) return;
		simple(this.parsed.program, {
			ImportExpression: (node) => this.edits.replace(node.start, node.start + 6, '__cell.import'),
			MetaProperty: (node) => {
				if (node.meta.name === 'import') this.edits.replace(node.start, node.end, '__cell.meta');
			},
		});
	}

	/** Those of Node's names which mean something else here: this cell imports them or an earlier one declared them. */
	private shadowedNames(): void {
		const imported = this.imports.flatMap(({ names }) => names.map(({ local }) => local));
		const own = new Set(this.declared.filter(({ kind }) => kind !== 'import').map(({ name }) => name));
		for (const name of mentionedNames(this.text)) {
			if (own.has(name) || !this.globals.isProtected(name)) continue;
			if (this.globals.isShadowed(name) || imported.includes(name))
				this.hoisted.unshift(` let ${name} = __cell.shadowed.${name};`);
		}
	}

	private noteName(
		name: string,
		kind: DeclaredName['kind'],
		start: number,
		literalType: string | null,
	): void {
		this.declared.push({ name, kind, offset: this.parsed.samePositions ? start : null, literalType });
	}

	private shadow(names: readonly { readonly name: string }[], end: number): void {
		const given = names.map(({ name }) => ` __cell.shadow('${name}', ${name});`).join('');
		this.edits.insert(end, `;${given}`);
		this.after(end, names);
	}

	/** Says that these names have their values, so that those of a cell which fails later are known. */
	private after(end: number, names: readonly { readonly name: string }[]): void {
		this.edits.insert(end, `;${names.map(({ name }) => ` __cell.did('${name}');`).join('')}`);
	}
}

/** Every word of a text that could be a name; also those in strings and comments. */
export const mentionedNames = (text: string): Set<string> =>
	new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));

/** What a text that does not parse seems to declare. */
export function declaredRoughly(text: string): string[] {
	const found = text.matchAll(
		/^[ \t]*(?:export\s+|declare\s+|abstract\s+|async\s+)*(?:const|let|var|function\*?|class|interface|type|enum|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu,
	);
	return [...found].map(([, name = '']) => name);
}

/** A name that is both, as an enum's is, is handed on like a class: with all that it means. */
function withTypes(values: readonly DeclaredName[], types: readonly string[]): DeclaredName[] {
	const known = new Set(values.map(({ name }) => name));
	return [
		...values.map((value) =>
			types.includes(value.name) && value.kind !== 'import'
				? { ...value, kind: 'class' as const, literalType: null }
				: value,
		),
		...types
			.filter((name) => !known.has(name))
			.map((name) => ({ name, kind: 'type' as const, offset: null, literalType: null })),
	];
}

/** What `let` and `var` on the level of the cell declare. */
const variablesIn = (body: readonly (Statement | ModuleDeclaration)[]): Set<string> =>
	new Set(
		body
			.map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node))
			.filter((node) => node?.type === 'VariableDeclaration')
			.filter(({ kind }) => kind === 'let' || kind === 'var')
			.flatMap(({ declarations }) =>
				declarations.flatMap(({ id }) => patternNames(id).map(({ name }) => name)),
			),
	);

const isExpression = (node: ExportDefaultDeclaration['declaration']): node is Expression =>
	node.type !== 'FunctionDeclaration' && node.type !== 'ClassDeclaration';

function patternNames(pattern: Pattern): { name: string; start: number }[] {
	switch (pattern.type) {
		case 'Identifier':
			return [pattern];
		case 'ObjectPattern':
			return pattern.properties.flatMap((property) =>
				patternNames(property.type === 'RestElement' ? property.argument : property.value),
			);
		case 'ArrayPattern':
			return pattern.elements.flatMap((element) => (element ? patternNames(element) : []));
		case 'RestElement':
			return patternNames(pattern.argument);
		case 'AssignmentPattern':
			return patternNames(pattern.left);
		case 'MemberExpression':
			return [];
	}
}
