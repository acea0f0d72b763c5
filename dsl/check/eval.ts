import type { Clause, EvalDeclaration, Field } from '../ast.ts';
import { spellType } from '../types/show.ts';
import { app, dataOf, recordOf, type Type } from '../types/type.ts';
import { checkClauses } from './clauses.ts';
import { within } from './context.ts';
import { draft } from './draft.ts';
import { infer } from './expression.ts';
import type { ProgramChecker } from './program.ts';
import { type Binding, NodeInputs, Scope } from './scope.ts';

/** The columns of an eval and the plan nodes that hold them: what a table over it reads. */
export interface EvalShape {
	readonly name: string;
	readonly row: Type;
	readonly rows: string;
	/** Variables and fields as names, each recording the node it needs. */
	readonly columns: readonly Binding[];
}

export const rowsId = (evalName: string): string => `${evalName}[]`;

export function checkEval(declaration: EvalDeclaration, checker: ProgramChecker): EvalShape {
	const name = declaration.name.text;
	const clauses = splitClauses(declaration, checker);
	if (!clauses.some((clause) => clause.kind !== 'where'))
		checker.session.report('A0231', { name }, declaration.name.span);
	const variables = checkRows(declaration, clauses, checker);
	const columns = [...variables];
	const scope = new Scope(checker.scope, variables);
	checker.session.info.scopes.push({ span: declaration.span, scope, aggregate: false });
	const fields = fieldsOf(declaration);
	const ids: string[] = [];
	const byName = new Map(columns.map((column) => [column.name, column]));
	const below = firstByName(fields);
	for (const field of fields) {
		const binding = checkField(field, below, name, scope, checker);
		const twice = byName.get(binding.name);
		if (twice)
			checker.session.report('A0102', { name: binding.name }, field.name.span, {
				also: twice.span ? [twice.span] : [],
			});
		else {
			columns.push(binding);
			byName.set(binding.name, binding);
			ids.push(`${name}.${binding.name}`);
		}
		scope.add(binding);
	}
	const row = recordOf(
		columns.map((c) => [c.name, c.type]),
		columns.flatMap((c) => (c.span ? [[c.name, c.span] as const] : [])),
	);
	const whole = new NodeInputs();
	whole.inputs.set('$rows', rowsId(name));
	for (const id of ids) whole.inputs.set(id, id);
	const node = {
		kind: 'eval',
		id: name,
		declaration: name,
		rows: rowsId(name),
		fields: ids,
		type: spellType(dataOf(row)),
		loc: checker.session.loc(declaration.span),
	} as const;
	checker.drafts.push(draft(node, whole));
	return { name, row, rows: rowsId(name), columns };
}

const fieldsOf = (declaration: EvalDeclaration): Field[] =>
	declaration.items.filter((item) => item.kind === 'field');

function firstByName(fields: readonly Field[]): ReadonlyMap<string, Field> {
	return new Map(fields.toReversed().map((field) => [field.name.text, field]));
}

function splitClauses(declaration: EvalDeclaration, checker: ProgramChecker): Clause[] {
	const clauses: Clause[] = [];
	let seenField = false;
	for (const item of declaration.items) {
		if (item.kind === 'field') seenField = true;
		else {
			if (seenField) checker.session.report('A0217', { clause: item.kind }, item.span);
			// A misplaced condition probably reads fields: what else it gets wrong follows from that.
			if (!seenField || item.kind !== 'where') clauses.push(item);
		}
	}
	return clauses;
}

function checkRows(
	declaration: EvalDeclaration,
	clauses: readonly Clause[],
	checker: ProgramChecker,
): Binding[] {
	const name = declaration.name.text;
	const collected = new NodeInputs();
	const fields = firstByName(fieldsOf(declaration));
	const cx = within(checker.context(collected), {
		scope: new FieldScope(checker.scope, fields, null, checker),
	});
	const checked = checkClauses(clauses, cx, (variable) => ({
		kind: 'variable',
		core: { op: 'column', name: variable },
	}));
	const id = rowsId(name);
	const type = app('Data', { k: 'record', fields: new Map(checked.variables.map((v) => [v.name, v.type])) });
	const node = {
		kind: 'rows',
		id,
		declaration: name,
		clauses: checked.clauses,
		type: spellType(type),
		loc: checker.session.loc(declaration.name.span),
	} as const;
	checker.drafts.push(draft(node, collected));
	return checked.variables.map((variable) => ({
		...variable,
		use: (inputs) => inputs.inputs.set('$rows', id),
	}));
}

function checkField(
	field: Field,
	fields: ReadonlyMap<string, Field>,
	evalName: string,
	scope: Scope,
	checker: ProgramChecker,
): Binding {
	const collected = new NodeInputs();
	collected.inputs.set('$rows', rowsId(evalName));
	const cx = within(checker.context(collected), { scope: new FieldScope(scope, fields, field, checker) });
	const typed = infer(field.value, cx);
	const id = `${evalName}.${field.name.text}`;
	const node = {
		kind: 'field',
		id,
		declaration: evalName,
		name: field.name.text,
		rows: rowsId(evalName),
		body: typed.core,
		type: spellType(typed.type),
		loc: checker.session.loc(field.span),
	} as const;
	checker.drafts.push(draft(node, collected));
	return {
		name: field.name.text,
		kind: 'field',
		type: typed.type,
		core: { op: 'column', name: field.name.text },
		span: field.name.span,
		doc: field.doc,
		use: (inputs) => {
			inputs.inputs.set('$rows', rowsId(evalName));
			inputs.inputs.set(field.name.text, id);
		},
		...(typed.origin ? { origin: typed.origin } : {}),
	};
}

/** Knows the fields further down, so that using one of them gets its own message. */
class FieldScope extends Scope {
	private readonly fields: ReadonlyMap<string, Field>;
	/** The field whose value is being checked; null for the clauses, which stand before all fields. */
	private readonly user: Field | null;
	private readonly checker: ProgramChecker;

	constructor(
		parent: Scope,
		fields: ReadonlyMap<string, Field>,
		user: Field | null,
		checker: ProgramChecker,
	) {
		super(parent);
		this.fields = fields;
		this.user = user;
		this.checker = checker;
	}

	override lookup(name: string): Binding | null {
		return super.lookup(name) ?? this.later(name);
	}

	private later(name: string): Binding | null {
		const field = this.fields.get(name);
		if (!field || field.span.start <= (this.user?.span.start ?? -1)) return null;
		if (this.checker.session.library.functions.has(name)) return null;
		return {
			name,
			kind: 'field',
			type: { k: 'error' },
			core: { op: 'column', name },
			span: field.name.span,
			doc: null,
			belowUse: this.user ? 'field' : 'clause',
		};
	}
}
