import { ModelHandle } from './model.ts';

/** The variable of `for c in {Q: q, IF: q_if}`: the value, and the name it has in the record. */
export class Labelled {
	readonly name: string;
	readonly value: unknown;

	constructor(name: string, value: unknown) {
		this.name = name;
		this.value = value;
	}
}

/** How a value is written where it names a group: on an axis, in a legend, as a row's key. */
export function labelOf(value: unknown): string | number | boolean | null {
	if (value instanceof Labelled) return value.name;
	if (value instanceof ModelHandle) return value.name;
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
	if (value === null || value === undefined) return null;
	return JSON.stringify(value);
}
