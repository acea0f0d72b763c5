import type { Core, CoreClause } from '../../../dsl/plan/core.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { compile } from './compile.ts';
import type { Code, Frame } from './frame.ts';
import { chain, each, type Maybe } from './maybe.ts';
import { plain, truth } from './operations.ts';
import { type Environment, type Scope, withLocals } from './scope.ts';
import { countColumn, repeatCount, sourceColumn } from './sources.ts';

type Stage = (frames: readonly Frame[]) => Maybe<Frame[]>;

/** `[body for x in xs where p]`, clause by clause: each turns the frames so far into those it lets through. */
export function compileComprehension(
	core: Core & { op: 'comprehension' },
	env: Environment,
	scope: Scope,
): Code {
	let inside = scope;
	const stages: Stage[] = [];
	for (const clause of core.clauses) {
		const [stage, next] = compileClause(clause, env, inside);
		stages.push(stage);
		inside = next;
	}
	const body = compile(core.body, env, inside);
	return {
		async: true,
		run: (frame) => {
			let frames: Maybe<Frame[]> = [frame];
			for (const stage of stages) frames = chain(frames, stage);
			return chain(frames, (inner) => each(inner, body.run));
		},
	};
}

function compileClause(clause: CoreClause, env: Environment, scope: Scope): [Stage, Scope] {
	if (clause.kind === 'where')
		return [where(compile(clause.condition, env, scope), clause.condition.loc), scope];
	const { depth } = scope;
	const source = compile(clause.kind === 'for' ? clause.source : clause.count, env, scope);
	const items = (value: unknown) =>
		clause.kind === 'for'
			? sourceColumn(value, clause.labelled, clause.source.loc ?? null)
			: countColumn(repeatCount(value, clause.count.loc ?? null));
	const stage: Stage = (frames) =>
		chain(
			each(frames, (frame) => source.run(frame)),
			(values) =>
				values.flatMap((value, i) => {
					const frame = frames[i] as Frame;
					const column = items(value);
					const outer = frame.locals.slice(0, depth);
					return Array.from({ length: column.length }, (_, j) => frame.withLocals([...outer, column.get(j)]));
				}),
		);
	return [stage, withLocals(scope, [clause.name])];
}

/** An item whose condition is missing is left out. */
function where(condition: Code, loc: number | undefined): Stage {
	return (frames) =>
		chain(
			each(frames, (frame) => condition.run(frame)),
			(values) =>
				frames.filter((_, i) => {
					const value = plain(values[i]);
					return !(value instanceof Missing) && truth(value, loc ?? null);
				}),
		);
}
