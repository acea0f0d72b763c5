import { Choice } from '../../../stdlib/values/choice.ts';
import type { Column } from '../../../stdlib/values/column.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import { Fault } from './fault.ts';
import { plain } from './operations.ts';
import { describe } from './shapes.ts';

/** `of.name`; a field that is not there is none. */
export function fieldOf(of: unknown, name: string): unknown {
	if (of instanceof Missing) return of;
	if (of instanceof Labelled) return name === 'name' ? of.name : fieldOf(of.value, name);
	if (of instanceof Choice) return choiceField(of, name);
	if (of instanceof ModelHandle)
		return name === 'name' ? of.name : name === 'parameters' ? of.parameters : null;
	if (of instanceof Data) return name === 'length' ? of.length : values(of.columns.get(name));
	if (isTable(of)) return name === 'length' ? of.rows.length : of.rows.map((row) => row[name] ?? null);
	if (Array.isArray(of)) return name === 'length' ? of.length : null;
	if (typeof of === 'string') return name === 'length' ? codePoints(of).length : null;
	if (of === null || of === undefined || typeof of !== 'object') return null;
	return hasField(of, name) ? ((of as Record<string, unknown>)[name] ?? null) : null;
}

/** A record's own field, or a getter of a library's value; never what every JavaScript object inherits. */
function hasField(of: object, name: string): boolean {
	if (Object.hasOwn(of, name)) return true;
	const prototype = Object.getPrototypeOf(of);
	return (
		prototype !== null &&
		prototype !== Object.prototype &&
		Object.hasOwn(prototype, name) &&
		name !== 'constructor'
	);
}

/** The characters as a reader counts them. */
const codePoints = (text: string): string[] => [...text];

function values(column: Column | undefined): unknown[] | null {
	return column ? Array.from({ length: column.length }, (_, i) => column.get(i)) : null;
}

function choiceField(choice: Choice, name: string): unknown {
	switch (name) {
		case 'best':
			return choice.best;
		case 'best_prob':
			return choice.bestProb;
		case 'probs':
			return choice.probs;
		case 'options':
			return choice.options;
		case 'outside':
			return choice.outside;
		case 'entropy':
			return entropy(choice.probs);
		default:
			return null;
	}
}

/** Shannon entropy in nats. */
function entropy(probs: readonly number[]): number {
	let sum = 0;
	for (const p of probs) if (p > 0) sum -= p * Math.log(p);
	return sum;
}

/** `of[index]`: lists from 0, a choice's probability, a record's field, a data set's row. */
export function elementOf(from: unknown, at: unknown, loc: number | null): unknown {
	const of = plain(from);
	if (of instanceof Missing) return of;
	const index = plain(at);
	if (index instanceof Missing) return index;
	if (Array.isArray(of)) return of[position(index, of.length, loc)] ?? null;
	if (of instanceof Choice) return probability(of, index, loc);
	if (of instanceof Data) return of.row(position(index, of.length, loc));
	if (isTable(of)) return of.rows[position(index, of.rows.length, loc)];
	if (typeof of === 'string') return codePoints(of)[position(index, codePoints(of).length, loc)];
	if (typeof of === 'object' && of !== null) return member(of as Record<string, unknown>, index, loc);
	throw new Fault(`${describe(of)} has no elements`, loc);
}

function position(index: unknown, length: number, loc: number | null): number {
	if (typeof index !== 'number' || !Number.isInteger(index)) {
		throw new Fault(`an index is a whole number, found ${describe(index)}`, loc);
	}
	if (index >= 0 && index < length) return index;
	const range = length === 0 ? 'the list is empty' : `there are ${length} elements, 0 to ${length - 1}`;
	throw new Fault(`index ${index} is out of range: ${range}`, loc);
}

function probability(choice: Choice, option: unknown, loc: number | null): number {
	const p = typeof option === 'string' ? choice.prob(option) : null;
	if (p !== null) return p;
	const options = choice.options.map((each) => `"${each}"`).join(', ');
	throw new Fault(`${describe(option)} is not one of the options ${options}`, loc);
}

function member(record: Record<string, unknown>, key: unknown, loc: number | null): unknown {
	if (typeof key === 'string' && Object.hasOwn(record, key)) return record[key] ?? null;
	throw new Fault(`no field ${describe(key)}; there are ${Object.keys(record).join(', ')}`, loc);
}

/** `of[from..to]`, both ends included, cut to what is there. */
export function sliceOf(from: unknown, first: unknown, last: unknown, loc: number | null): unknown {
	const of = plain(from);
	if (of instanceof Missing) return of;
	const [start, end] = [plain(first), plain(last)];
	if (start instanceof Missing) return start;
	if (end instanceof Missing) return end;
	if (!Number.isInteger(start) || !Number.isInteger(end))
		throw new Fault('the ends of a range are whole numbers', loc);
	const [first0, end0] = [Math.max(0, start as number), Math.max(0, (end as number) + 1)];
	if (Array.isArray(of)) return of.slice(first0, end0);
	if (typeof of === 'string') return codePoints(of).slice(first0, end0).join('');
	if (of instanceof Data)
		return of.take(
			Int32Array.from(range(Math.max(0, start as number), Math.min(of.length - 1, end as number))),
		);
	throw new Fault(`only a list can be cut with a range, found ${describe(of)}`, loc);
}

/** Whole numbers from `first` to `last`, both included; empty when `last` is smaller. */
export const range = (first: number, last: number): number[] =>
	Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
