import { showShape } from '../../../stdlib/nets/graph.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { isEstimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { Prompt } from '../../../stdlib/values/prompt.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import { isTensorValue } from '../../../stdlib/values/tensor.ts';

/** `0.4..0.6` where an interval is meant; both ends belong to it. */
export interface Interval {
	readonly kind: 'interval';
	readonly low: number;
	readonly high: number;
}

/** `a to b`: a quantity that moves during training. */
export interface Schedule {
	readonly kind: 'schedule';
	readonly from: number;
	readonly to: number;
}

export interface Constitution {
	readonly kind: 'constitution';
	readonly principles: readonly { readonly role: 'critique' | 'revise' | 'prefer'; readonly text: string }[];
}

const hasKind = (value: unknown, kind: string): boolean =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind;

export const isInterval = (value: unknown): value is Interval => hasKind(value, 'interval');

/** What a value is, in the words of the language, for messages. */
export function describe(value: unknown): string {
	if (value === null || value === undefined) return 'no value';
	if (typeof value === 'number') return `the number ${value}`;
	if (typeof value === 'string') return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
	if (typeof value === 'boolean') return `${value}`;
	if (typeof value === 'function') return 'a function';
	if (value instanceof Labelled) return describe(value.value);
	if (value instanceof Choice) return 'a Choice';
	if (value instanceof ModelHandle) return `the model ${value.name}`;
	if (value instanceof Prompt) return 'a Prompt';
	if (value instanceof Data) return 'a data set';
	if (isTable(value)) return 'a table';
	if (isEstimate(value)) return 'an estimate';
	if (isTensorValue(value)) return `an ${showShape(value.shape)}`.replace('an T', 'a T');
	if (Array.isArray(value)) return `a list of ${value.length}`;
	return 'a record';
}
