import type {
	ConstitutionDeclaration,
	Expr,
	NetworkDeclaration,
	Param,
	ParamDeclaration,
	PromptDeclaration,
	TrainDeclaration,
	ValueDeclaration,
} from '../ast.ts';
import { parseExpression } from '../parser/parser.ts';
import type { Core } from '../plan/core.ts';
import type { ValueNode } from '../plan/plan.ts';
import type { Span } from '../span.ts';
import { assign, noBindings } from '../types/assign.ts';

import { showType, spellType } from '../types/show.ts';
import { ANY, app, ERROR, isApp, PROMPT, TEXT, type Type, unlabel } from '../types/type.ts';
import { annotation } from './annotation.ts';
import { attempt, type Context, type Typed, within } from './context.ts';
import { draft } from './draft.ts';
import { infer, unlabelled } from './expression.ts';
import { callLibrary } from './library-call.ts';
import type { ProgramChecker } from './program.ts';
import { lowerMessage } from './prompt.ts';
import { NodeInputs, type Recheck, Scope } from './scope.ts';

interface Value {
	readonly name: string;
	readonly keyword: ValueNode['keyword'];
	readonly body: Core;
	readonly type: Type;
	readonly span: Span;
}

function addValue(value: Value, collected: NodeInputs, checker: ProgramChecker): void {
	const { name, keyword, body, type, span } = value;
	checker.drafts.push(
		draft(
			{
				kind: 'value',
				id: name,
				declaration: name,
				keyword,
				body,
				type: spellType(type),
				loc: checker.session.loc(span),
			},
			collected,
		),
	);
}

export function checkParam(declaration: ParamDeclaration, checker: ProgramChecker): Type {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const annotated = declaration.type ? annotation(declaration.type, cx) : null;
	const standard = infer(declaration.value, cx, annotated);
	if (annotated && !assign(standard.type, annotated, noBindings()))
		kindMismatch('param', declaration, showType(annotated), standard, cx);
	const type = annotated ?? unlabel(standard.type);
	const given = checker.params[declaration.name.text];
	const value = given === undefined ? standard : givenValue(given, type, declaration, cx);
	addValue(
		{ name: declaration.name.text, keyword: 'param', body: value.core, type, span: declaration.span },
		collected,
		checker,
	);
	return type;
}

/** A value from outside: an expression of the language, or for a Text the bare characters. */
function givenValue(text: string, type: Type, declaration: ParamDeclaration, cx: Context): Typed {
	const expr = readExpression(text);
	if (expr) {
		const { result, problems } = attempt(cx, () => infer(expr, cx, type));
		if (problems.length === 0 && assign(result.type, type, noBindings())) return result;
	}
	if (isApp(type, 'Text')) return { type: TEXT, core: { op: 'lit', value: text } };
	cx.session.report(
		'A0305',
		{ name: declaration.name.text, expected: showType(type), given: text },
		declaration.name.span,
	);
	return { type: ERROR, core: { op: 'lit', value: null } };
}

function readExpression(text: string): Expr | null {
	try {
		return parseExpression(text);
	} catch {
		return null; // not an expression: perhaps a bare text
	}
}

function kindMismatch(
	keyword: string,
	declaration: { readonly name: { readonly text: string }; readonly value: Expr },
	expected: string,
	typed: Typed,
	cx: Context,
): void {
	cx.session.report(
		'A0223',
		{ keyword, name: declaration.name.text, expected, actual: showType(typed.type) },
		declaration.value.span,
	);
}

export function checkValue(declaration: ValueDeclaration, checker: ProgramChecker): Checked {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const typed = infer(declaration.value, cx);
	const type = unlabel(typed.type);
	const expected = expectedKind(declaration.keyword, type);
	if (expected) kindMismatch(declaration.keyword, declaration, expected, typed, cx);
	const value = {
		name: declaration.name.text,
		keyword: declaration.keyword,
		body: unlabelled(typed),
		type,
		span: declaration.span,
	};
	addValue(value, collected, checker);
	return { type: expected ? ERROR : type, recheck: lambdaRecheck(declaration.value, checker) };
}

/** A declaration's type and, where its parameters have no types, how to check it again for each use. */
interface Checked {
	readonly type: Type;
	readonly recheck: Recheck | null;
}

function lambdaRecheck(value: Expr, checker: ProgramChecker): Recheck | null {
	if (value.kind === 'group') return lambdaRecheck(value.inner, checker);
	if (value.kind !== 'lambda') return null;
	return checker.session.once((args) => {
		const params = args.map((type, i) => ({
			name: value.params[i]?.text ?? '',
			type: unlabel(type),
			optional: false,
		}));
		const typed = infer(value, checker.context(new NodeInputs()), { k: 'function', params, result: ANY });
		return typed.type.k === 'function' ? typed.type.result : null;
	});
}

/** What a keyword asks for, when the value is something else. */
function expectedKind(keyword: ValueDeclaration['keyword'], type: Type): string | null {
	if (type.k === 'error' || type.k === 'any' || keyword === 'let') return null;
	if (keyword === 'data') return isApp(type, 'Data') || isSplit(type) ? null : 'Data';
	if (keyword === 'model') return type.k === 'model' || isApp(type, 'Trained') ? null : 'Model';
	if (keyword === 'figure') return isApp(type, 'Figure') ? null : 'Figure';
	return isApp(type, 'Table') ? null : 'Table';
}

/** A data set with named parts, such as `{train: Data<…>, test: Data<…>}`. */
const isSplit = (type: Type): boolean =>
	type.k === 'record' && [...type.fields.values()].every((field) => isApp(field, 'Data'));

interface BoundParams {
	readonly scope: Scope;
	readonly names: readonly string[];
	readonly types: readonly Type[];
}

function bindParams(params: readonly Param[], cx: Context, types?: readonly Type[]): BoundParams {
	const names = params.map((_, i) => cx.session.freshLocal(cx.depth, i));
	const found = params.map((param, i) => (param.type ? annotation(param.type, cx) : (types?.[i] ?? ANY)));
	const scope = new Scope(
		cx.scope,
		params.map((param, i) => ({
			name: param.name.text,
			kind: 'parameter' as const,
			type: found[i] as Type,
			core: { op: 'local', name: names[i] as string } as const,
			span: param.name.span,
			doc: null,
		})),
	);
	return { scope, names, types: found };
}

const functionOf = (params: readonly Param[], types: readonly Type[], result: Type): Type => ({
	k: 'function',
	params: params.map((param, i) => ({
		name: param.name.text,
		type: types[i] as Type,
		optional: param.default !== null,
		span: param.name.span,
	})),
	result,
});

export function checkPrompt(declaration: PromptDeclaration, checker: ProgramChecker): Checked {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const bound = bindParams(declaration.params, cx);
	const body = promptBody(declaration, bound, cx);
	checker.session.info.scopes.push({ span: declaration.span, scope: bound.scope, aggregate: false });
	const type = functionOf(declaration.params, bound.types, PROMPT);
	const lambda: Core = { op: 'lambda', params: bound.names, body };
	addValue(
		{ name: declaration.name.text, keyword: 'prompt', body: lambda, type, span: declaration.span },
		collected,
		checker,
	);
	if (declaration.params.every((param) => param.type !== null)) return { type, recheck: null };
	const recheck = checker.session.once((args) => {
		const again = checker.context(new NodeInputs());
		promptBody(declaration, bindParams(declaration.params, again, args.map(unlabel)), again);
		return PROMPT;
	});
	return { type, recheck };
}

function promptBody(declaration: PromptDeclaration, bound: BoundParams, cx: Context): Core {
	const inner = within(cx, { scope: bound.scope, depth: 1 });
	const { body } = declaration;
	if (!isExpr(body)) {
		if (body.length === 0) cx.session.report('A0229', { name: declaration.name.text }, declaration.name.span);
		const messages = body.map((message) => lowerMessage(message, inner));
		return { op: 'prompt', messages, subjects: bound.names.map((name) => ({ op: 'local', name })) };
	}
	const typed = infer(body, inner, PROMPT);
	if (!assign(unlabel(typed.type), PROMPT, noBindings())) {
		const data = {
			keyword: 'prompt',
			name: declaration.name.text,
			expected: 'Prompt',
			actual: showType(typed.type),
		};
		cx.session.report('A0223', data, body.span);
	}
	return unlabelled(typed);
}

const isExpr = (body: PromptDeclaration['body']): body is Expr => !Array.isArray(body);

export function checkConstitution(declaration: ConstitutionDeclaration, checker: ProgramChecker): Type {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const principles = declaration.principles.map(({ role, text }) => ({
		role,
		text: unlabelled(infer(text, cx)),
	}));
	const type = app('Constitution');
	addValue(
		{
			name: declaration.name.text,
			keyword: 'constitution',
			body: { op: 'constitution', principles },
			type,
			span: declaration.span,
		},
		collected,
		checker,
	);
	return type;
}

export function checkNetwork(declaration: NetworkDeclaration, checker: ProgramChecker): Type {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const bound = bindParams(declaration.params, cx);
	checker.session.info.scopes.push({ span: declaration.span, scope: bound.scope, aggregate: false });
	const body = infer(declaration.body, within(cx, { scope: bound.scope, depth: 1 }));
	const type = app('Network', functionOf(declaration.params, bound.types, unlabel(body.type)));
	const lambda: Core = { op: 'lambda', params: bound.names, body: unlabelled(body) };
	addValue(
		{ name: declaration.name.text, keyword: 'network', body: lambda, type, span: declaration.span },
		collected,
		checker,
	);
	return body.type.k === 'error' ? ERROR : type;
}

/** `train T { … }` is the library's `train` with the settings as named arguments. */
export function checkTrain(declaration: TrainDeclaration, checker: ProgramChecker): Type {
	const collected = new NodeInputs();
	const cx = checker.context(collected);
	const fn = checker.session.library.functions.get('train');
	const given = declaration.settings.map((setting) => ({
		name: setting.name,
		expr: setting.value,
		typed: null,
		span: setting.span,
	}));
	if (!fn) {
		checker.session.report('A0101', { name: 'train', near: null }, declaration.name.span);
		for (const setting of declaration.settings) infer(setting.value, cx);
		return ERROR;
	}
	const typed = callLibrary(fn, given, declaration.name.span, declaration.span, cx);
	const settings = typed.core.op === 'call' ? typed.core.args : {};
	const name = declaration.name.text;
	checker.drafts.push(
		draft(
			{
				kind: 'train',
				id: name,
				declaration: name,
				settings,
				type: spellType(typed.type),
				loc: checker.session.loc(declaration.span),
			},
			collected,
		),
	);
	return typed.type;
}
