import type { Expr, Field, TableDeclaration } from '../ast.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { showType, spellType } from '../types/show.ts';
import { app, argOf, ERROR, isApp, recordOf, type Type, unlabel } from '../types/type.ts';
import { type Context, within } from './context.ts';
import { draft } from './draft.ts';
import { infer, unlabelled } from './expression.ts';
import type { ProgramChecker } from './program.ts';
import { columnScope } from './rows.ts';
import { type Binding, NodeInputs, Scope } from './scope.ts';

interface Source {
	/** Local name in the node's inputs. */
	readonly input: string;
	readonly row: Type;
	readonly columns: Scope;
}

export function checkTable(declaration: TableDeclaration, checker: ProgramChecker): Type {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const source = checkSource(declaration, collected, checker);
	const groups = declaration.by.map((expr) => checkGroup(expr, source, cx)).filter((group) => group !== null);
	const scope = new Scope(
		source.row.k === 'error' ? source.columns : checker.scope,
		groups.map((group) => group.binding),
	);
	const { scopes } = checker.session.info;
	for (const expr of declaration.by)
		scopes.push({ span: expr.span, scope: source.columns, aggregate: false });
	for (const column of declaration.columns) scopes.push({ span: column.value.span, scope, aggregate: true });
	const inner = within(cx, { scope, rows: source.columns });
	const columns = declaration.columns.map((column) => checkColumn(column, inner, scope));
	const row = recordOf(
		[
			...groups.map((g) => [g.binding.name, g.binding.type] as const),
			...columns.map((c) => [c.name, c.type] as const),
		],
		[
			...groups.map((g) => [g.binding.name, g.span] as const),
			...columns.map((c) => [c.name, c.span] as const),
		],
	);
	const type = app('Table', row, source.row);
	const name = declaration.name.text;
	checker.drafts.push(
		draft(
			{
				kind: 'table',
				id: name,
				declaration: name,
				source: source.input,
				by: groups.map((group) => ({ name: group.binding.name, body: group.body })),
				columns: columns.map((column) => ({
					name: column.name,
					body: column.body,
					type: spellType(column.type),
				})),
				type: spellType(type),
				loc: checker.session.loc(declaration.span),
			},
			collected,
		),
	);
	return type;
}

/** `from E` of an eval reads just the fields that the table uses; from anything else the whole value. */
function checkSource(declaration: TableDeclaration, collected: NodeInputs, checker: ProgramChecker): Source {
	const cx = checker.context(collected);
	const { source } = declaration;
	if (source.kind === 'name') {
		const binding = checker.scope.lookup(source.name);
		const shape = binding && checker.evals.get(source.name);
		if (shape && binding) {
			checker.session.info.types.set(source, binding.type);
			checker.session.info.references.push({ span: source.span, target: { kind: 'binding', binding } });
			collected.inputs.set('$source', shape.rows);
			const columns = shape.columns.map(
				(column): Binding => ({
					...column,
					kind: 'column',
					use: (node) => {
						if (column.kind === 'field') node.inputs.set(column.name, `${shape.name}.${column.name}`);
					},
				}),
			);
			return { input: '$source', row: shape.row, columns: new Scope(checker.scope, columns, true) };
		}
	}
	return anonymousSource(declaration, source, cx, collected, checker);
}

function anonymousSource(
	declaration: TableDeclaration,
	source: Expr,
	cx: Context,
	collected: NodeInputs,
	checker: ProgramChecker,
): Source {
	const own = new NodeInputs();
	const typed = infer(source, within(cx, { node: own }));
	const type = unlabel(typed.type);
	const row = isApp(type, 'Data') || isApp(type, 'Table') ? argOf(type) : type.k === 'error' ? ERROR : null;
	if (!row) {
		const actual = showType(type);
		checker.session.report(
			'A0223',
			{ keyword: 'table', name: declaration.name.text, expected: 'Data after `from`', actual },
			source.span,
		);
	}
	const id = `${declaration.name.text}.source`;
	const node = {
		kind: 'value',
		id,
		declaration: declaration.name.text,
		keyword: 'data',
		body: unlabelled(typed),
		type: spellType(type),
		loc: checker.session.loc(source.span),
	} as const;
	checker.drafts.push(draft(node, own));
	collected.inputs.set('$source', id);
	return { input: '$source', row: row ?? ERROR, columns: columnScope(row ?? ERROR, cx) };
}

function checkGroup(
	expr: Expr,
	source: Source,
	cx: Context,
): { binding: Binding; span: Span; body: Core } | null {
	const typed = infer(expr, within(cx, { scope: source.columns }));
	const name = pathName(expr);
	if (!name) {
		cx.session.report('A0216', {}, expr.span);
		return null;
	}
	return {
		binding: {
			name: name.text,
			kind: 'column',
			type: typed.type,
			core: { op: 'column', name: name.text },
			span: name.span,
			doc: null,
		},
		span: name.span,
		body: typed.core,
	};
}

/** What a grouping column is called: the last part of its path. */
function pathName(expr: Expr): { text: string; span: Expr['span'] } | null {
	if (expr.kind === 'name') return { text: expr.name, span: expr.span };
	if (expr.kind === 'group') return pathName(expr.inner);
	return expr.kind === 'member' ? expr.name : null;
}

function checkColumn(
	column: Field,
	cx: Context,
	scope: Scope,
): { name: string; span: Span; type: Type; body: Core } {
	const typed = infer(column.value, cx);
	const name = column.name.text;
	if (isApp(typed.type, 'Number') && combinesAggregates(typed.core))
		cx.session.report('A0220', { column: name }, column.value.span);
	const before = [...scope.own()].find((binding) => binding.name === name);
	if (before?.span) cx.session.report('A0102', { name }, column.name.span, { also: [before.span] });
	scope.add({
		name,
		kind: 'column',
		type: typed.type,
		core: { op: 'column', name },
		span: column.name.span,
		doc: column.doc,
	});
	return { name, span: column.name.span, type: unlabel(typed.type), body: unlabelled(typed) };
}

/** Arithmetic over calls that read columns: its uncertainty is not the sum of theirs. */
function combinesAggregates(core: Core): boolean {
	if (core.op === 'binary') return readsColumns(core.left) || readsColumns(core.right);
	return core.op === 'unary' && readsColumns(core.of);
}

function readsColumns(core: Core): boolean {
	if (core.op === 'call') return Object.values(core.args).some((arg) => arg.op === 'columns');
	if (core.op === 'field') return readsColumns(core.of);
	if (core.op === 'binary') return readsColumns(core.left) || readsColumns(core.right);
	return core.op === 'unary' && readsColumns(core.of);
}
