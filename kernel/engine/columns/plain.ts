import type { ModelIdentity } from '../../../stdlib/models/provider.ts';
import { Choice, type ChoiceMethod } from '../../../stdlib/values/choice.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { type Message, Prompt } from '../../../stdlib/values/prompt.ts';

/** A value that only lives in this process: a function, a model, a trained network. Its step is computed again. */
export class NotStorable extends Error {
	constructor(what: string) {
		super(`${what} cannot be kept in the store`);
		this.name = 'NotStorable';
	}
}

/** Marks an object that stands for a value with a class; user records never have this key. */
const TAG = '\u0000assay';

interface Tagged {
	readonly [TAG]: string;
	readonly of: readonly unknown[];
}

/** Finds a model again by its identity, for values that name one; null where there is no such model in the plan. */
export type FindModel = (identity: ModelIdentity) => ModelHandle | null;

/** A value as plain data that the structured clone format keeps: numbers, texts, lists, records, typed arrays. */
export function toPlain(value: unknown): unknown {
	if (value === null || typeof value !== 'object') {
		if (typeof value === 'function' || typeof value === 'symbol') throw new NotStorable(`a ${typeof value}`);
		return value;
	}
	if (Array.isArray(value)) return value.every(isPrimitive) ? value : value.map(toPlain);
	if (ArrayBuffer.isView(value)) return value;
	if (value instanceof Choice)
		return tag('choice', [value.options, value.probs, value.outside, value.method]);
	if (value instanceof Missing) return tag('missing', [value.reason, value.message, value.code]);
	if (value instanceof Labelled) return tag('labelled', [value.name, toPlain(value.value)]);
	if (value instanceof ModelHandle) return tag('model', [value.provider.identity]);
	if (value instanceof Prompt) return tag('prompt', [value.messages, value.subjects.map(toPlain)]);
	const prototype = Object.getPrototypeOf(value);
	if (prototype !== Object.prototype && prototype !== null)
		throw new NotStorable(`a ${value.constructor.name}`);
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

/** Throws `NotStorable` when a model in it is not found. */
export function fromPlain(value: unknown, find: FindModel = () => null): unknown {
	if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
	if (Array.isArray(value))
		return value.every(isPrimitive) ? value : value.map((item) => fromPlain(item, find));
	if (TAG in value) return untagged(value as Tagged, find);
	for (const [key, item] of Object.entries(value)) {
		if (!isPrimitive(item)) (value as Record<string, unknown>)[key] = fromPlain(item, find);
	}
	return value;
}

const tag = (kind: string, of: readonly unknown[]): Tagged => ({ [TAG]: kind, of });

function untagged({ [TAG]: kind, of }: Tagged, find: FindModel): unknown {
	switch (kind) {
		case 'choice':
			return new Choice(of[0] as string[], of[1] as number[], of[2] as number | null, of[3] as ChoiceMethod);
		case 'missing':
			return new Missing(of[0] as Missing['reason'], of[1] as string, of[2] as string | null);
		case 'labelled':
			return new Labelled(of[0] as string, fromPlain(of[1], find));
		case 'model': {
			const model = find(of[0] as ModelIdentity);
			if (model) return model;
			throw new NotStorable(`the model ${(of[0] as ModelIdentity).model}`);
		}
		case 'prompt':
			return new Prompt(
				of[0] as Message[],
				(of[1] as unknown[]).map((subject) => fromPlain(subject, find)),
			);
		default:
			throw new Error(`a stored value has the unknown kind "${kind}"`);
	}
}

const isPrimitive = (value: unknown): boolean =>
	value === null || (typeof value !== 'object' && typeof value !== 'function');
