import { pictureOf } from '../../../stdlib/figures/images.ts';
import { dataUri } from '../../../stdlib/figures/png.ts';
import { showShape } from '../../../stdlib/nets/graph.ts';
import { shortNumber } from '../../../stdlib/statistics/digits.ts';
import { Choice, type ChoiceMethod } from '../../../stdlib/values/choice.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { isEstimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { Prompt } from '../../../stdlib/values/prompt.ts';
import { isTensorValue, type TensorValue } from '../../../stdlib/values/tensor.ts';
import { count } from '../amounts.ts';
import { visibleControls } from '../html.ts';

/** A cell as the page's script reads it; plain values are themselves. */
export type CellJson =
	| string
	| number
	| boolean
	| null
	/** Missing: reason and message. */
	| { readonly m: string; readonly t: string }
	/** Choice: index of its options and method, probabilities, and the probability of anything else. */
	| { readonly c: number; readonly p: readonly number[]; readonly o: number | null }
	| { readonly r: Readonly<Record<string, CellJson>> }
	| { readonly l: readonly CellJson[] }
	/** Image: a PNG as a data URI, and its shape. */
	| { readonly i: string; readonly t: string }
	/** Prompt: role and text of each message. */
	| { readonly q: readonly (readonly [string, string])[] };

export interface ChoiceShapeJson {
	readonly options: readonly string[];
	readonly method: string;
}

/** Characters of one text; an answer of megabytes would make a page that nobody can open. */
const LONGEST_TEXT = 20_000;
const LONGEST_LIST = 200;
const DEEPEST = 6;

/** Turns cells into JSON; the option sets of choices are shared between them. */
export class CellEncoder {
	readonly shapes: ChoiceShapeJson[] = [];
	private readonly shapeNumbers = new Map<string, number>();

	encode(value: unknown, depth = 0): CellJson {
		if (typeof value === 'string') return textJson(value);
		if (typeof value === 'number')
			return Number.isFinite(value) ? Number(value.toPrecision(9)) : String(value);
		if (typeof value === 'boolean') return value;
		if (value === null || value === undefined) return null;
		if (value instanceof Missing) return { m: value.reason, t: textJson(value.message) };
		if (value instanceof Labelled) return textJson(value.name);
		if (value instanceof ModelHandle) return textJson(value.name);
		if (value instanceof Choice) return this.choice(value);
		if (value instanceof Prompt)
			return { q: value.messages.map(({ role, content }) => [role, textJson(content)] as const) };
		if (isEstimate(value)) return value.value;
		if (isTensorValue(value)) return tensorCell(value);
		if (depth >= DEEPEST) return '…';
		if (Array.isArray(value) || ArrayBuffer.isView(value))
			return this.list(Array.from(value as ArrayLike<unknown>), depth);
		if (value instanceof Data) return `${count(value.length)} rows`;
		if (typeof value === 'object') return { r: this.record(value, depth) };
		return `(${typeof value})`;
	}

	private choice({ options, probs, outside, method }: Choice): CellJson {
		const shape: ChoiceShapeJson = { options: options.map(textJson), method: methodText(method) };
		const key = JSON.stringify(shape);
		let number = this.shapeNumbers.get(key);
		if (number === undefined) {
			number = this.shapes.push(shape) - 1;
			this.shapeNumbers.set(key, number);
		}
		return { c: number, p: probs.map(rounded), o: outside === null ? null : rounded(outside) };
	}

	private list(items: readonly unknown[], depth: number): CellJson {
		const shown = items.slice(0, LONGEST_LIST).map((item) => this.encode(item, depth + 1));
		const rest = items.length - shown.length;
		return { l: rest > 0 ? [...shown, `… ${count(rest)} more`] : shown };
	}

	private record(value: object, depth: number): Record<string, CellJson> {
		// A record's field may be called `__proto__`, which assignment would not keep.
		return Object.fromEntries(
			Object.entries(value).map(([name, field]) => [visibleControls(name), this.encode(field, depth + 1)]),
		);
	}
}

/** An image is shown; of another tensor, or one that is too large, there is its shape. */
function tensorCell(tensor: TensorValue): CellJson {
	const shape = showShape(tensor.shape);
	const [height = 0, width = 0] = tensor.shape;
	if (tensor.shape.length !== 3 || height * width > LARGEST_IMAGE) return shape;
	return { i: dataUri(pictureOf(tensor)), t: shape };
}

/** Pixels of an image in a cell. */
const LARGEST_IMAGE = 128 * 128;

const rounded = (probability: number): number => Number(probability.toPrecision(6));

export function textJson(text: string): string {
	if (text.length <= LONGEST_TEXT) return visibleControls(text);
	return `${visibleControls(text.slice(0, LONGEST_TEXT))}… (${count(text.length - LONGEST_TEXT)} more characters)`;
}

function methodText(method: ChoiceMethod): string {
	if (method.by === 'sampling') return `share of ${shortNumber(method.n)} sampled answers`;
	const how = {
		raw: 'of the whole option',
		token: 'per token',
		byte: 'per byte',
		unconditional: 'against the option’s unconditional probability',
	}[method.normalise];
	return `log-probability ${how}`;
}
