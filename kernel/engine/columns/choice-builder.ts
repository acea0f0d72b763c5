import { Choice } from '../../../stdlib/values/choice.ts';
import { ChoiceColumn, type ChoiceShape, type Column } from '../../../stdlib/values/column.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { type ColumnBuilder, gapsWithin, mismatch } from './builders.ts';

const UNSET = -2;
const GAP = -1;

/** Choices into flat arrays; rows that share their options share one shape. */
export class ChoiceColumnBuilder implements ColumnBuilder {
	private readonly shapes = new ShapeTable();
	private readonly shapeOf: Int32Array;
	private readonly offsets: Int32Array;
	private readonly outside: Float64Array;
	private readonly missing = new Map<number, Missing>();
	private probs: Float64Array;
	private used = 0;

	constructor(length: number) {
		this.shapeOf = new Int32Array(length).fill(UNSET);
		this.offsets = new Int32Array(length);
		this.outside = new Float64Array(length).fill(Number.NaN);
		this.probs = new Float64Array(Math.max(16, length * 2));
	}

	set(row: number, value: unknown): unknown {
		if (!(value instanceof Choice)) {
			const gap = value instanceof Missing ? value : mismatch('Choice', value);
			this.shapeOf[row] = GAP;
			this.missing.set(row, gap);
			return gap;
		}
		this.shapeOf[row] = this.shapes.indexOf(value);
		this.offsets[row] = this.used;
		this.outside[row] = value.outside ?? Number.NaN;
		this.reserve(value.probs.length);
		for (const p of value.probs) this.probs[this.used++] = p;
		return value;
	}

	part(from: number, to: number): Column {
		return new ChoiceColumn({
			shapes: this.shapes.list,
			shapeOf: this.shapeOf.slice(from, to),
			offsets: this.offsets.slice(from, to),
			probs: this.probs,
			outside: this.outside.slice(from, to),
			missing: gapsWithin(this.missing, from, to),
		});
	}

	finish(unset: Missing): Column {
		for (let row = 0; row < this.shapeOf.length; row++) {
			if (this.shapeOf[row] !== UNSET) continue;
			this.shapeOf[row] = GAP;
			this.missing.set(row, unset);
		}
		return new ChoiceColumn({
			shapes: this.shapes.list,
			shapeOf: this.shapeOf,
			offsets: this.offsets,
			probs: this.probs.slice(0, this.used),
			outside: this.outside,
			missing: this.missing,
		});
	}

	private reserve(more: number): void {
		if (this.used + more <= this.probs.length) return;
		const grown = new Float64Array(Math.max(this.probs.length * 1.5, this.used + more) | 0);
		grown.set(this.probs.subarray(0, this.used));
		this.probs = grown;
	}
}

/** Numbers the distinct (options, method) pairs; the same option list again is found without comparing it. */
export class ShapeTable {
	readonly list: ChoiceShape[] = [];
	private readonly byContent = new Map<string, number>();
	private lastOptions: readonly string[] | null = null;
	private lastMethod: ChoiceShape['method'] | null = null;
	private last = -1;

	indexOf(shape: ChoiceShape): number {
		if (shape.options === this.lastOptions && sameMethod(shape.method, this.lastMethod)) return this.last;
		const content = JSON.stringify([shape.options, shape.method]);
		let index = this.byContent.get(content);
		if (index === undefined) {
			index = this.list.push({ options: shape.options, method: shape.method }) - 1;
			this.byContent.set(content, index);
		}
		this.lastOptions = shape.options;
		this.lastMethod = shape.method;
		this.last = index;
		return index;
	}
}

function sameMethod(a: ChoiceShape['method'], b: ChoiceShape['method'] | null): boolean {
	if (a === b) return true;
	if (b === null || a.by !== b.by) return false;
	return a.by === 'logprob' ? a.normalise === (b as typeof a).normalise : a.n === (b as typeof a).n;
}
