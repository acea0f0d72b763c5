import type { Argument, Expr, Field } from '../ast.ts';
import type { LibraryIndex } from '../check/library-index.ts';
import type { Binding } from '../check/scope.ts';
import type { Compiled } from '../compile.ts';
import type { CompilerLibrary, LibraryFunction } from '../library.ts';
import type { Answers } from '../needs.ts';
import type { Span } from '../span.ts';
import { assign, noBindings } from '../types/assign.ts';
import { CAPABILITIES, CONSTRUCTORS } from '../types/from-syntax.ts';
import { membersOf } from '../types/members.ts';
import { showType } from '../types/show.ts';
import { headOf, isApp, type Type, unlabel } from '../types/type.ts';
import { PLACEHOLDER, type Placed, place } from './attempts.ts';
import { type Called, callAt, calledFunction } from './calls.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { functionBody, KEYWORDS, summaryOf } from './documentation.ts';
import { namesAt, type Reach, reachAt } from './reach.ts';
import { signaturesOf } from './signatures.ts';
import type { TreeNode } from './tree.ts';

export type CompletionKind =
	| 'value'
	| 'variable'
	| 'column'
	| 'parameter'
	| 'field'
	| 'method'
	| 'function'
	| 'argument'
	| 'setting'
	| 'type'
	| 'keyword'
	| 'text';

export interface Completion {
	readonly label: string;
	/** What is written when it is taken. */
	readonly insert: string;
	readonly kind: CompletionKind;
	/** A type or a signature. */
	readonly detail: string;
	/** Markdown, or empty. */
	readonly documentation: string;
}

export interface Completions {
	/** What an item replaces: the part of a word before the cursor. */
	readonly span: Span;
	/** Best first. */
	readonly items: readonly Completion[];
}

export interface CompletionWorld {
	readonly library: CompilerLibrary;
	readonly index: LibraryIndex;
	readonly answers: Answers;
	readonly compile: (text: string) => Compiled;
}

/** Everything that could stand at an offset of a text, which may be unfinished there. */
export function completionsAt(text: string, offset: number, world: CompletionWorld): Completions {
	const cursor = cursorAt(text, offset);
	const span = { start: offset - cursor.word.length, end: offset };
	const items = cursor.mode === 'comment' ? [] : (fixedWords(cursor, world) ?? fromTree(text, cursor, world));
	return cursor.mode === 'text'
		? textItems(items, text, offset)
		: { span, items: matching(items, cursor.word) };
}

/** Inside of quotes the whole text up to the cursor is replaced. */
function textItems(items: readonly Completion[], text: string, offset: number): Completions {
	const start = text.lastIndexOf('"', offset - 1) + 1;
	return { span: { start, end: offset }, items: matching(items, text.slice(start, offset)) };
}

function matching(items: readonly Completion[], word: string): Completion[] {
	const typed = word.toLowerCase();
	const begins = items.filter((item) => item.label.toLowerCase().startsWith(typed));
	const holds = items.filter((item) => !begins.includes(item) && item.label.toLowerCase().includes(typed));
	return [...begins, ...holds];
}

const word = (label: string, insert = `${label} `, detail = '', documentation = ''): Completion => ({
	label,
	insert,
	kind: 'keyword',
	detail,
	documentation,
});

const CONTINUES = /^(?:and|or|not|in|if|then|else|for|where|repeat|by|from|to|\|>|==|[^\w\s)\]}"])$/;

/** Places where only certain words can stand, which needs no look at the tree. Null for any other place. */
function fixedWords(cursor: Cursor, world: CompletionWorld): Completion[] | null {
	if (cursor.mode === 'text') return null;
	const top = cursor.open.at(-1);
	if (!top) return betweenDeclarations(cursor);
	if (top.sign !== '{') return null;
	if (cursor.keyword === 'study') return settingItems(cursor, top.owner === 'budget' ? BUDGET : STUDY);
	const begins = cursor.before === '{' || (cursor.startsLine && !CONTINUES.test(cursor.before));
	if (cursor.open.length > 1 || !begins) return null;
	if (cursor.keyword === 'eval')
		return [word('for', 'for '), word('where', 'where '), word('repeat', 'repeat ')];
	if (cursor.keyword === 'prompt') return ['system', 'user', 'assistant'].map((role) => word(role));
	if (cursor.keyword === 'constitution') return ['critique', 'revise', 'prefer'].map((role) => word(role));
	if (cursor.keyword === 'train') return trainSettings(cursor, world);
	return cursor.keyword === 'table' ? [] : null;
}

function betweenDeclarations(cursor: Cursor): Completion[] | null {
	const { keyword, before, head } = cursor;
	const atStart = cursor.startsLine && !CONTINUES.test(before);
	const beginning = /^\s*\w*$/.test(head);
	if (keyword === null || atStart || beginning) {
		return Object.entries(KEYWORDS).map(([name, [form, doc]]) => word(name, `${name} `, form, doc));
	}
	if (keyword === 'table' && /\bfrom\s+[\w.]+\s+\w*$/.test(head)) return [word('by')];
	return /^\s*\w+\s+\w*$/.test(head) && keyword !== 'use' ? [] : null;
}

const STUDY: Readonly<Record<string, string>> = {
	cites: 'List<Text>',
	budget: '{usd: Money, tokens: Number, calls: Number, time: Duration}',
	seed: 'Number',
};
const BUDGET: Readonly<Record<string, string>> = {
	usd: 'Money',
	tokens: 'Number',
	calls: 'Number',
	time: 'Duration',
};

function settingItems(cursor: Cursor, settings: Readonly<Record<string, string>>): Completion[] | null {
	if (cursor.before !== '{' && cursor.before !== ',' && !cursor.startsLine) return null;
	return Object.entries(settings)
		.filter(([name]) => !new RegExp(`\\b${name}\\s*:`).test(cursor.head))
		.map(([name, type]) => ({
			label: name,
			insert: `${name}: `,
			kind: 'setting',
			detail: type,
			documentation: '',
		}));
}

function trainSettings(cursor: Cursor, world: CompletionWorld): Completion[] {
	const fn = world.library.functions.get('train');
	const params = fn ? signaturesOf(fn).flatMap((signature) => signature.params) : [];
	return params
		.filter((param) => !new RegExp(`\\b${param.name}\\s*=`).test(cursor.head))
		.map((param) => ({
			label: param.name,
			insert: `${param.name} = `,
			kind: 'setting',
			detail: param.label,
			documentation: '',
		}));
}

function fromTree(text: string, cursor: Cursor, world: CompletionWorld): Completion[] {
	const placed = place(text, cursor, world.compile);
	if (!placed) return [];
	const { path } = placed;
	const node = path.at(-1) as TreeNode;
	const parent = path.at(-2);
	if (node.kind === 'chars') return textValues(placed, world);
	if (parent?.kind === 'member' && (parent as Extract<Expr, { kind: 'member' }>).name === node)
		return memberItems(parent as Extract<Expr, { kind: 'member' }>, placed, world);
	if (parent?.kind === 'use')
		return exportedItems(parent as unknown as { from: { path: string } | null }, world);
	if (node.kind !== 'name') return isArgumentName(parent, node) ? argumentItems(placed, cursor, world) : [];
	return isTypeName(path) ? typeItems(world) : expressionItems(placed, cursor, world);
}

const isArgumentName = (parent: TreeNode | undefined, node: TreeNode): boolean =>
	parent !== undefined &&
	parent.kind === undefined &&
	'value' in parent &&
	(parent as Argument).name === (node as unknown);

/** Type syntax has names of the same kind as expressions; what is around them tells. */
function isTypeName(path: readonly TreeNode[]): boolean {
	const node = path.at(-1) as object;
	return 'args' in node && !('callee' in node);
}

function memberItems(
	expr: Extract<Expr, { kind: 'member' }>,
	placed: Placed,
	world: CompletionWorld,
): Completion[] {
	const type = placed.compiled.info.types.get(expr.target);
	if (!type) return [];
	const fields = membersOf(type).map(
		(member): Completion => ({
			label: member.name,
			insert: member.name,
			kind: 'field',
			detail: showType(member.type),
			documentation: member.doc ?? '',
		}),
	);
	return [...fields, ...methodItems(type, world)];
}

function methodItems(type: Type, world: CompletionWorld): Completion[] {
	const heads = [headOf(type), isApp(unlabel(type), 'Trained') ? 'Model' : null];
	return [...world.library.functions.values()]
		.filter((fn) => fn.name.includes('.') && heads.includes(fn.name.slice(0, fn.name.indexOf('.'))))
		.map((fn) => ({
			...functionItem(fn),
			label: fn.name.slice(fn.name.indexOf('.') + 1),
			insert: `${fn.name.slice(fn.name.indexOf('.') + 1)}(`,
			kind: 'method',
		}));
}

const functionItem = (fn: LibraryFunction): Completion => ({
	label: fn.name,
	insert: `${fn.name}(`,
	kind: 'function',
	detail: signaturesOf(fn)[0]?.label ?? fn.name,
	documentation: functionBody(fn),
});

function exportedItems(
	use: { readonly from: { readonly path: string } | null },
	world: CompletionWorld,
): Completion[] {
	const items = new Map<string, Completion>();
	for (const [key, answer] of world.answers) {
		if (answer.kind !== 'signature' || JSON.parse(key).path !== (use.from?.path ?? null)) continue;
		for (const [name, signature] of Object.entries(answer.module.functions)) {
			const params = signature.params.map((param) => `${param.name}: ${param.type}`).join(', ');
			items.set(name, {
				label: name,
				insert: name,
				kind: 'function',
				detail: `${name}(${params}) -> ${signature.result}`,
				documentation: signature.doc ?? '',
			});
		}
	}
	return [...items.values()];
}

function typeItems(world: CompletionWorld): Completion[] {
	const item = (name: string, documentation: string, detail = ''): Completion => ({
		label: name,
		insert: name,
		kind: 'type',
		detail,
		documentation,
	});
	return [
		...[...world.library.types.values()].map((type) => item(type.name, type.doc, type.type)),
		...[...CONSTRUCTORS.keys(), 'Model', 'Image', 'Tensor', 'Any'].map((name) => item(name, '')),
		...CAPABILITIES.map((name) => item(name, '', 'what a model can do')),
	];
}

function expressionItems(placed: Placed, cursor: Cursor, world: CompletionWorld): Completion[] {
	const { compiled, path } = placed;
	const place = (path.at(-1) as TreeNode).span.start;
	const reach = reachAt(compiled, place);
	const called = callAt(path, compiled, world.library);
	if (called && isTypeArgument(called, path)) return typeItems(world);
	const names = namesAt(compiled, reach, place, definedAround(path)).map(nameItem);
	return [
		...(called ? namedArguments(called, cursor) : []),
		...names,
		...functionItems(path, reach, compiled, world),
		...['if', 'not', 'true', 'false', 'none'].map((label) => word(label, label)),
		...(cursor.keyword === 'prompt' || cursor.keyword === 'eval'
			? ['user', 'assistant', 'system'].map((label) => word(label))
			: []),
	];
}

/** What is being defined around the cursor is not in reach in its own definition. */
function definedAround(path: readonly TreeNode[]): ReadonlySet<number> {
	return new Set(
		path.flatMap((node) =>
			'name' in node && typeof node.name === 'object' && node.name ? [(node as Field).name.span.start] : [],
		),
	);
}

function nameItem(binding: Binding): Completion {
	const kinds = {
		declaration: 'value',
		variable: 'variable',
		field: 'column',
		column: 'column',
		parameter: 'parameter',
	} as const;
	const callable = unlabel(binding.type).k === 'function';
	return {
		label: binding.name,
		insert: callable ? `${binding.name}(` : binding.name,
		kind: kinds[binding.kind],
		detail: showType(binding.type),
		documentation: binding.doc ?? '',
	};
}

/** After a pipe, what takes the left side comes first; in a table, what reads columns. */
function functionItems(
	path: readonly TreeNode[],
	reach: Reach,
	compiled: Compiled,
	world: CompletionWorld,
): Completion[] {
	const functions = [...world.library.functions.values()].filter((fn) => !fn.name.includes('.'));
	const piped = pipedInto(path, compiled);
	const fits = (fn: LibraryFunction): boolean =>
		world.index.overloads(fn).some(({ params }) => {
			if (piped)
				return (
					params[0] !== undefined && params[0].mode === 'value' && assign(piped, params[0].type, noBindings())
				);
			return reach.aggregate === params.some((param) => param.mode === 'column');
		});
	return [...functions.filter(fits), ...functions.filter((fn) => !fits(fn))].map(functionItem);
}

function pipedInto(path: readonly TreeNode[], compiled: Compiled): Type | null {
	const node = path.at(-1);
	const pipe = path.at(-2) as Expr | undefined;
	if (pipe?.kind !== 'binary' || pipe.operator !== '|>' || pipe.right !== (node as unknown)) return null;
	return compiled.info.types.get(pipe.left) ?? null;
}

function argumentItems(placed: Placed, cursor: Cursor, world: CompletionWorld): Completion[] {
	const called = callAt(placed.path, placed.compiled, world.library);
	return called ? namedArguments(called, cursor) : [];
}

function namedArguments(called: Called, cursor: Cursor): Completion[] {
	if (!called.direct || (cursor.before !== '(' && cursor.before !== ',')) return [];
	const given = new Set(called.call.args.flatMap((arg) => (arg.name ? [arg.name.text] : [])));
	const items = new Map<string, Completion>();
	for (const signature of called.signatures) {
		for (const [i, param] of signature.params.entries()) {
			if (given.has(param.name) || i < called.positional || items.has(param.name)) continue;
			items.set(param.name, {
				label: param.name,
				insert: `${param.name}: `,
				kind: 'argument',
				detail: param.label,
				documentation: '',
			});
		}
	}
	return [...items.values()];
}

function isTypeArgument(called: Called, path: readonly TreeNode[]): boolean {
	const arg = called.call.args.find((candidate) => path.includes(candidate));
	const param = called.paramOf(arg ?? null);
	return param !== null && /^\w+: Type</.test(param.label);
}

/** What a text argument is known to take, and the fields of a record for `r["…"]`. */
function textValues({ compiled, path }: Placed, world: CompletionWorld): Completion[] {
	const index = path.findLast((node) => node.kind === 'index') as
		| Extract<Expr, { kind: 'index' }>
		| undefined;
	const target = index && compiled.info.types.get(index.target);
	if (target && path.includes(index.index)) {
		return membersOf(target)
			.filter(() => unlabel(target).k === 'record')
			.map((m) => textItem(m.name, showType(m.type)));
	}
	const called = callAt(path, compiled, world.library);
	const arg = called?.call.args.find((candidate) => path.includes(candidate));
	const param = called && arg ? called.paramOf(arg) : null;
	const fn = called && calledFunction(called.call, compiled, world.library);
	return ((param && fn?.completions?.[param.name]) ?? []).map((value) =>
		textItem(value, fn ? summaryOf(fn.doc) : ''),
	);
}

const textItem = (value: string, detail: string): Completion => ({
	label: value,
	insert: value,
	kind: 'text',
	detail,
	documentation: '',
});

export { PLACEHOLDER };
