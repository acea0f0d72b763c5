import type { Expr, Program, RecordField, StudyDeclaration } from '../ast.ts';
import { nearest } from '../nearest.ts';
import type { Core } from '../plan/core.ts';
import type { Budget } from '../plan/plan.ts';
import { assign, noBindings } from '../types/assign.ts';
import { showType } from '../types/show.ts';
import type { Type } from '../types/type.ts';
import { DURATION, listOf, MONEY, NUMBER, TEXT } from '../types/type.ts';
import type { Context, Session } from './context.ts';
import { infer, reportTwice } from './expression.ts';
import { mismatchHelp } from './library-call.ts';

export interface Study {
	readonly title: string | null;
	readonly cites: readonly string[];
	readonly seed: number;
	readonly budget: Budget;
}

const NO_BUDGET: Budget = { usd: null, tokens: null, calls: null, seconds: null };

/** The study's metadata: literals only, since they hold before anything is computed. */
export function checkStudy(program: Program, session: Session, cx: Context): Study {
	const studies = program.declarations.filter((d): d is StudyDeclaration => d.kind === 'study');
	const [study, second] = studies;
	if (!study) return { title: null, cites: [], seed: 0, budget: NO_BUDGET };
	if (second) session.report('A0111', {}, second.span, { also: [study.span] });
	const settings = new Map(study.settings.map((setting) => [setting.name.text, setting]));
	reportUnknown(study.settings, ['cites', 'budget', 'seed'], 'a study', cx);
	const seed = literal(settings.get('seed')?.value, [NUMBER], 'seed', cx);
	const cites = literal(settings.get('cites')?.value, [listOf(TEXT)], 'cites', cx);
	const title = literal(study.title, [TEXT], 'title', cx);
	return {
		title: typeof title === 'string' ? title : null,
		cites: Array.isArray(cites) ? cites.filter((cite) => typeof cite === 'string') : [],
		seed: typeof seed === 'number' ? seed : 0,
		budget: checkBudget(settings.get('budget')?.value, cx),
	};
}

function checkBudget(expr: Expr | undefined, cx: Context): Budget {
	if (expr?.kind !== 'record') {
		if (expr)
			cx.session.report(
				'A0204',
				{
					fn: 'study',
					param: 'budget',
					expected: '{usd: Money, tokens: Number, calls: Number, time: Duration}',
					shown: 'this',
					actual: showType(infer(expr, cx).type),
					origin: null,
					help: 'write it like `budget: {usd: $5, tokens: 2M, time: 30min}`',
				},
				expr.span,
			);
		return NO_BUDGET;
	}
	reportUnknown(expr.fields, ['usd', 'tokens', 'calls', 'time'], 'a budget', cx);
	const value = (name: string, types: readonly Type[]): number | null => {
		const found = literal(expr.fields.find((f) => f.name.text === name)?.value, types, name, cx);
		return typeof found === 'number' ? found : null;
	};
	return {
		usd: value('usd', [MONEY, NUMBER]),
		tokens: value('tokens', [NUMBER]),
		calls: value('calls', [NUMBER]),
		seconds: value('time', [DURATION]),
	};
}

function reportUnknown(
	fields: readonly RecordField[],
	known: readonly string[],
	where: string,
	cx: Context,
): void {
	reportTwice(fields, cx);
	for (const field of fields) {
		if (known.includes(field.name.text)) continue;
		const near = nearest(field.name.text, known);
		const fix = near ? { title: `Change to ${near}`, edits: [{ span: field.name.span, text: near }] } : null;
		cx.session.report('A0110', { name: field.name.text, where, near, known }, field.name.span, { fix });
	}
}

function literal(expr: Expr | undefined, types: readonly Type[], name: string, cx: Context): unknown {
	if (!expr) return undefined;
	const typed = infer(expr, cx);
	if (!types.some((type) => assign(typed.type, type, noBindings()))) {
		const data = {
			fn: 'study',
			param: name,
			expected: types.map((t) => showType(t)).join(' or '),
			shown: 'this',
			actual: showType(typed.type),
			origin: null,
			help: mismatchHelp(types[0] as Type, typed.type, expr, cx),
		};
		cx.session.report('A0204', data, expr.span);
		return undefined;
	}
	const value = literalValue(typed.core);
	if (value === undefined && typed.type.k !== 'error')
		cx.session.report('A0301', { fn: 'study', param: name }, expr.span);
	return value;
}

function literalValue(core: Core): unknown {
	if (core.op === 'lit') return core.value;
	if (core.op !== 'list') return undefined;
	const items = core.items.map(literalValue);
	return items.includes(undefined) ? undefined : items;
}
