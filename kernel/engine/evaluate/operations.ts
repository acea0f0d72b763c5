import type { CoreBinary } from '../../../dsl/plan/core.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { isEstimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { Fault } from './fault.ts';
import { describe, type Interval, isInterval } from './shapes.ts';

/** `left fn right`, both already evaluated; `and` and `or` have their own rules for missing sides. */
export function binary(fn: CoreBinary, loc: number | undefined): (left: unknown, right: unknown) => unknown {
	const at = loc ?? null;
	switch (fn) {
		case 'and':
			return (left, right) => conjunction(plain(left), plain(right));
		case 'or':
			return (left, right) => disjunction(plain(left), plain(right));
		case 'eq':
			return strict((left, right) => equal(left, right));
		case 'ne':
			return strict((left, right) => !equal(left, right));
		case 'in':
			return strict((left, right) => contains(right, left, at));
		case 'concat':
			return strict((left, right) => concat(left, right, at));
		case 'lt':
			return ordered(at, (left, right) => left < right);
		case 'le':
			return ordered(at, (left, right) => left <= right);
		case 'gt':
			return ordered(at, (left, right) => left > right);
		case 'ge':
			return ordered(at, (left, right) => left >= right);
		case 'add':
			return arithmetic(at, (left, right) => left + right);
		case 'sub':
			return arithmetic(at, (left, right) => left - right);
		case 'mul':
			return arithmetic(at, (left, right) => left * right);
		case 'div':
			return arithmetic(at, (left, right) => divide(left, right, at));
	}
}

export const negate = (loc: number | undefined): ((value: unknown) => unknown) => {
	const at = loc ?? null;
	return (value) => {
		const operand = plain(value);
		return operand instanceof Missing ? operand : -numeric(operand, at);
	};
};

export const not = (loc: number | undefined): ((value: unknown) => unknown) => {
	const at = loc ?? null;
	return (value) => {
		const operand = plain(value);
		return operand instanceof Missing ? operand : !truth(operand, at);
	};
};

/** A condition's value; none counts as missing, anything but a Bool is a fault. */
export function truth(value: unknown, loc: number | null): boolean {
	if (typeof value === 'boolean') return value;
	throw new Fault(`expected true or false here, found ${describe(value)}`, loc);
}

/** Labels and other wrappings off. */
export function plain(value: unknown): unknown {
	return value instanceof Labelled ? value.value : value;
}

const strict =
	(compute: (left: unknown, right: unknown) => unknown) =>
	(left: unknown, right: unknown): unknown => {
		const a = plain(left);
		if (a instanceof Missing) return a;
		const b = plain(right);
		return b instanceof Missing ? b : compute(a, b);
	};

const NO_VALUE = new Missing('absent', 'there is no value here');

function arithmetic(loc: number | null, compute: (left: number, right: number) => number) {
	return (left: unknown, right: unknown): unknown => {
		if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
		const a = plain(left);
		const b = plain(right);
		if (a instanceof Missing) return a;
		if (b instanceof Missing) return b;
		if (a === null || b === null) return NO_VALUE;
		return compute(numeric(a, loc), numeric(b, loc));
	};
}

function ordered(loc: number | null, compute: (left: number | string, right: number | string) => boolean) {
	return (left: unknown, right: unknown): unknown => {
		if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
		const a = plain(left);
		const b = plain(right);
		if (a instanceof Missing) return a;
		if (b instanceof Missing) return b;
		if (a === null || b === null) return NO_VALUE;
		if (typeof a === 'string' && typeof b === 'string') return compute(a, b);
		return compute(numeric(a, loc), numeric(b, loc));
	};
}

function numeric(value: unknown, loc: number | null): number {
	if (typeof value === 'number') return value;
	if (isEstimate(value) && value.value !== null) return value.value;
	if (typeof value === 'boolean') return value ? 1 : 0;
	throw new Fault(`expected a number here, found ${describe(value)}`, loc);
}

function divide(left: number, right: number, loc: number | null): number {
	if (right === 0) throw new Fault('division by zero', loc);
	return left / right;
}

/** Kleene: what is certain whatever the missing side is. */
function conjunction(left: unknown, right: unknown): unknown {
	if (left === false || right === false) return false;
	if (left instanceof Missing) return left;
	return right;
}

function disjunction(left: unknown, right: unknown): unknown {
	if (left === true || right === true) return true;
	if (left instanceof Missing) return left;
	return right;
}

/** Structural; a labelled value is its value, models are equal when they are the same model. */
export function equal(left: unknown, right: unknown): boolean {
	const a = plain(left);
	const b = plain(right);
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
	if (a instanceof ModelHandle)
		return b instanceof ModelHandle && equal(a.provider.identity, b.provider.identity);
	if (a instanceof Choice) {
		return b instanceof Choice && equalLists(a.options, b.options) && equalLists(a.probs, b.probs);
	}
	return equalRecords(a as Record<string, unknown>, b as Record<string, unknown>);
}

const equalLists = (a: readonly unknown[], b: readonly unknown[]): boolean =>
	a.length === b.length && a.every((item, i) => equal(item, b[i]));

function equalRecords(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
	const keys = Object.keys(a);
	if (keys.length !== Object.keys(b).length) return false;
	return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

function contains(container: unknown, value: unknown, loc: number | null): boolean {
	if (typeof container === 'string') {
		if (typeof value === 'string') return container.includes(value);
		throw new Fault(`only a text can be in a text, found ${describe(value)}`, loc);
	}
	if (Array.isArray(container)) return container.some((item) => equal(item, value));
	if (isInterval(container)) return within(container, value);
	if (container instanceof Choice) return typeof value === 'string' && container.options.includes(value);
	if (typeof container === 'object' && container !== null) return Object.hasOwn(container, String(value));
	throw new Fault(`nothing can be "in" ${describe(container)}`, loc);
}

const within = (interval: Interval, value: unknown): boolean =>
	typeof value === 'number' && value >= interval.low && value <= interval.high;

function concat(left: unknown, right: unknown, loc: number | null): unknown {
	if (typeof left === 'string' && typeof right === 'string') return left + right;
	if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
	throw new Fault(`cannot join ${describe(left)} and ${describe(right)}`, loc);
}
