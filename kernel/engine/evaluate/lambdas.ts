import type { Core } from '../../../dsl/plan/core.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { compile } from './compile.ts';
import { Fault, located } from './fault.ts';
import type { Code, Frame } from './frame.ts';
import { chain, each, type Maybe } from './maybe.ts';
import { plain } from './operations.ts';
import { type Environment, type Scope, withLocals } from './scope.ts';
import { describe } from './shapes.ts';

export type Lambda = (...args: readonly unknown[]) => Maybe<unknown>;

/** A function value keeps the frame it was made in; frames are not reused while anything of theirs is pending. */
export function compileLambda(core: Core & { op: 'lambda' }, env: Environment, scope: Scope): Code {
	const body = compile(core.body, env, withLocals(scope, core.params));
	const { depth } = scope;
	const close =
		(frame: Frame): Lambda =>
		(...args) =>
			body.run(frame.withLocals(depth === 0 ? args : [...frame.locals.slice(0, depth), ...args]));
	return { async: false, run: close };
}

/** Missing arguments go in: the body decides whether it uses them. */
export function compileApply(core: Core & { op: 'apply' }, env: Environment, scope: Scope): Code {
	const target = compile(core.fn, env, scope);
	const args = core.args.map((arg) => compile(arg, env, scope));
	const asyncParts = target.async || args.some((arg) => arg.async);
	const invoke = (fn: unknown, values: readonly unknown[]): Maybe<unknown> => {
		const bare = plain(fn);
		if (bare instanceof Missing) return bare;
		if (typeof bare !== 'function') throw new Fault(`${describe(bare)} cannot be called`, core.loc ?? null);
		return relocated(() => (bare as Lambda)(...values), core.loc);
	};
	return {
		async: true,
		run: asyncParts
			? (frame) =>
					chain(
						each([target, ...args], (part) => part.run(frame)),
						([fn, ...values]) => invoke(fn, values),
					)
			: (frame) =>
					invoke(
						target.run(frame),
						args.map((arg) => arg.run(frame)),
					),
	};
}

/** Gives an error that does not know where it happened the place of this call. */
export function relocated(compute: () => Maybe<unknown>, loc: number | undefined): Maybe<unknown> {
	try {
		const value = compute();
		return value instanceof Promise
			? value.catch((error: unknown) => {
					throw located(error, loc);
				})
			: value;
	} catch (error) {
		throw located(error, loc);
	}
}
