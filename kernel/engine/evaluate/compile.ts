import type { Core } from '../../../dsl/plan/core.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { elementOf, fieldOf, range, sliceOf } from './access.ts';
import { compileCall, compileUsed } from './calls.ts';
import { compileComprehension } from './comprehension.ts';
import { Fault } from './fault.ts';
import { type Code, constant, type Frame, isUnknown } from './frame.ts';
import { compileApply, compileLambda } from './lambdas.ts';
import { abandon, chain, each, type Maybe } from './maybe.ts';
import { binary, negate, not, plain, truth } from './operations.ts';
import { compileConstitution, compileExtend, compilePrompt } from './prompts.ts';
import type { Environment, Scope } from './scope.ts';
import { describe } from './shapes.ts';
import { joinText } from './text.ts';
import { compileUncertain } from './uncertain.ts';

/**
 * An expression as a closure over a frame. Inputs have their values when a step is compiled, so what depends on
 * nothing else is computed once here.
 */
export function compile(core: Core, env: Environment, scope: Scope): Code {
	switch (core.op) {
		case 'lit':
			return constant(core.value);
		case 'local':
			return compileLocal(core.name, scope);
		case 'input':
			return compileInput(core.name, env);
		case 'column':
			return compileColumn(core.name, scope, core.loc);
		case 'field':
			return compileField(core, env, scope);
		case 'text':
			return gather(
				core.parts.map((part) => (typeof part === 'string' ? constant(part) : compile(part, env, scope))),
				joinText,
			);
		case 'list':
			return gather(
				core.items.map((item) => compile(item, env, scope)),
				(items) => items.slice(),
			);
		case 'record':
			return compileRecord(core.fields, env, scope);
		case 'index':
			return gather2(core.of, core.index, env, scope, (of, index) => elementOf(of, index, core.loc ?? null));
		case 'slice':
			return gather(
				[core.of, core.from, core.to].map((part) => compile(part, env, scope)),
				([of, from, to]) => sliceOf(of, from, to, core.loc ?? null),
			);
		case 'range':
			return gather2(core.from, core.to, env, scope, (from, to) => wholeRange(from, to, core.loc ?? null));
		case 'interval':
		case 'schedule':
			return gather2(core.from, core.to, env, scope, (from, to) => ends(core.op, from, to));
		case 'if':
			return compileIf(core, env, scope);
		case 'unary':
			return gather1(core.of, env, scope, core.fn === 'neg' ? negate(core.loc) : not(core.loc));
		case 'unlabel':
			return gather1(core.of, env, scope, plain);
		case 'binary':
			return compileBinary(core, env, scope);
		case 'lambda':
			return compileLambda(core, env, scope);
		case 'apply':
			return compileApply(core, env, scope);
		case 'call':
			return compileCall(core, env, scope);
		case 'used':
			return compileUsed(core, env, scope);
		case 'comprehension':
			return compileComprehension(core, env, scope);
		case 'prompt':
			return compilePrompt(core, env, scope);
		case 'extend':
			return compileExtend(core, env, scope);
		case 'constitution':
			return compileConstitution(core, env, scope);
		case 'uncertain':
			return compileUncertain(core, env, scope);
		case 'rowfn':
		case 'columns':
			throw new Error(`internal: "${core.op}" stands outside a call's arguments`);
	}
}

function compileLocal(name: string, scope: Scope): Code {
	const slot = scope.locals.get(name);
	if (slot === undefined) throw new Error(`internal: no local "${name}"`);
	return { run: (frame) => frame.locals[slot], async: false };
}

function compileInput(name: string, env: Environment): Code {
	if (!env.inputs.has(name)) throw new Error(`internal: no input "${name}"`);
	return constant(env.inputs.get(name));
}

function compileColumn(name: string, scope: Scope, loc: number | undefined): Code {
	const code = scope.row?.reader(name);
	if (code) return code;
	throw new Fault(`there is no column "${name}" here`, loc ?? null);
}

function compileField(core: Core & { op: 'field' }, env: Environment, scope: Scope): Code {
	const direct = core.of.op === 'column' ? scope.row?.fieldReader?.(core.of.name, core.name) : null;
	return direct ?? gather1(core.of, env, scope, (of) => fieldOf(of, core.name));
}

function compileRecord(fields: readonly (readonly [string, Core])[], env: Environment, scope: Scope): Code {
	const names = fields.map(([name]) => name);
	return gather(
		fields.map(([, value]) => compile(value, env, scope)),
		(values) => Object.fromEntries(names.map((name, i) => [name, values[i]])),
	);
}

function compileIf(core: Core & { op: 'if' }, env: Environment, scope: Scope): Code {
	const condition = compile(core.condition, env, scope);
	const [yes, no] = [compile(core.then, env, scope), compile(core.else, env, scope)];
	const loc = core.condition.loc ?? core.loc ?? null;
	const choose = (value: unknown, frame: Frame): Maybe<unknown> => {
		const bare = plain(value);
		if (bare instanceof Missing) {
			if (isUnknown(bare)) for (const branch of [yes, no]) explore(branch, frame);
			return bare;
		}
		return truth(bare, loc) ? yes.run(frame) : no.run(frame);
	};
	return {
		async: condition.async || yes.async || no.async,
		run: condition.async
			? (frame) => chain(condition.run(frame), (value) => choose(value, frame))
			: (frame) => choose(condition.run(frame), frame),
	};
}

/** In a survey either branch may come to run: both are looked through for calls. */
function explore(branch: Code, frame: Frame): void {
	try {
		abandon(branch.run(frame));
	} catch {
		// What fails here fails, or not, in the run.
	}
}

/** `and` and `or` do not evaluate a right side that cannot matter: it may cost a call. */
function compileBinary(core: Core & { op: 'binary' }, env: Environment, scope: Scope): Code {
	const compute = binary(core.fn, core.loc);
	if (core.fn !== 'and' && core.fn !== 'or') return gather2(core.left, core.right, env, scope, compute);
	const [left, right] = [compile(core.left, env, scope), compile(core.right, env, scope)];
	const decides = core.fn === 'or';
	return {
		async: left.async || right.async,
		run: (frame) =>
			chain(left.run(frame), (value) =>
				plain(value) === decides ? decides : chain(right.run(frame), (other) => compute(value, other)),
			),
	};
}

function wholeRange(from: unknown, to: unknown, loc: number | null): unknown {
	const [first, last] = [plain(from), plain(to)];
	if (first instanceof Missing) return first;
	if (last instanceof Missing) return last;
	if (Number.isInteger(first) && Number.isInteger(last)) return range(first as number, last as number);
	throw new Fault(`a range goes over whole numbers, found ${describe(first)} and ${describe(last)}`, loc);
}

function ends(kind: 'interval' | 'schedule', from: unknown, to: unknown): unknown {
	const [first, last] = [plain(from), plain(to)];
	if (first instanceof Missing) return first;
	if (last instanceof Missing) return last;
	return kind === 'interval' ? { kind, low: first, high: last } : { kind, from: first, to: last };
}

function gather1(of: Core, env: Environment, scope: Scope, compute: (value: unknown) => unknown): Code {
	const code = compile(of, env, scope);
	const { run } = code;
	if (code.async) return { async: true, run: (frame) => chain(run(frame), compute) };
	return folded([code], { async: false, run: (frame) => compute(run(frame)) });
}

function gather2(
	left: Core,
	right: Core,
	env: Environment,
	scope: Scope,
	compute: (left: unknown, right: unknown) => unknown,
): Code {
	const [first, second] = [compile(left, env, scope), compile(right, env, scope)];
	const [a, b] = [first.run, second.run];
	if (!first.async && !second.async) {
		return folded([first, second], { async: false, run: (frame) => compute(a(frame), b(frame)) });
	}
	return { async: true, run: (frame) => both(frame, a, b, compute) };
}

function both(
	frame: Frame,
	a: Code['run'],
	b: Code['run'],
	compute: (left: unknown, right: unknown) => unknown,
): Maybe<unknown> {
	const left = a(frame);
	let right: unknown;
	try {
		right = b(frame);
	} catch (error) {
		abandon(left);
		throw error;
	}
	if (left instanceof Promise || right instanceof Promise) {
		return Promise.all([left, right]).then((values) => compute(values[0], values[1]));
	}
	return compute(left, right);
}

/** Several parts evaluated side by side, then put together. */
export function gather(codes: readonly Code[], compute: (values: unknown[]) => unknown): Code {
	if (codes.some((code) => code.async)) {
		return {
			async: true,
			run: (frame) =>
				chain(
					each(codes, (code) => code.run(frame)),
					compute,
				),
		};
	}
	const runs = codes.map((code) => code.run);
	const run = (frame: Frame): unknown => {
		const values = new Array<unknown>(runs.length);
		for (let i = 0; i < runs.length; i++) values[i] = (runs[i] as Code['run'])(frame);
		return compute(values);
	};
	return folded(codes, { async: false, run });
}

/** What is made only of constants is computed once, unless computing it fails: then it fails where it is used. */
function folded(parts: readonly Code[], code: Code): Code {
	if (!parts.every((part) => part.constant)) return code;
	try {
		return constant(code.run(NO_FRAME));
	} catch {
		return code;
	}
}

// Constant code never looks at its frame.
const NO_FRAME = null as unknown as Frame;
