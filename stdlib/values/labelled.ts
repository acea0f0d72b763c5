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
	if (hasName(value)) return value.name;
	return JSON.stringify(value);
}

/** A trained model or another thing of its own class that has a name: written out it could be weights. */
const hasName = (value: unknown): value is { readonly name: string } =>
	typeof value === 'object' &&
	Object.getPrototypeOf(value) !== Object.prototype &&
	typeof (value as { name?: unknown }).name === 'string';
