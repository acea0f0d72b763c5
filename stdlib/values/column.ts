import { Choice, type ChoiceMethod } from './choice.ts';
import type { Missing } from './missing.ts';

/** A column of values, `Missing` where a cell has none. Columns never change once built. */
export interface Column<T = unknown> {
	readonly length: number;
	get(row: number): T | Missing;
	/** The rows of `indices`, in that order and as often as named there (a bootstrap repeats some). */
	take(indices: Int32Array): Column<T>;
}

/** A column view of anything that can be read by row. */
export class ViewColumn<T> implements Column<T> {
	readonly length: number;
	private readonly read: (row: number) => T | Missing;

	constructor(length: number, read: (row: number) => T | Missing) {
		this.length = length;
		this.read = read;
	}

	get(row: number): T | Missing {
		return this.read(row);
	}

	take(indices: Int32Array): Column<T> {
		return new ViewColumn(indices.length, (row) => this.read(indices[row] as number));
	}
}

/** Any values at all, one JavaScript value a row. */
export class ValueColumn<T> implements Column<T> {
	readonly values: readonly (T | Missing)[];

	constructor(values: readonly (T | Missing)[]) {
		this.values = values;
	}

	get length(): number {
		return this.values.length;
	}

	get(row: number): T | Missing {
		return this.values[row] as T | Missing;
	}

	take(indices: Int32Array): Column<T> {
		// A plain loop: resampling takes thousands of times, and `Array.from` is several times slower.
		const values = new Array<T | Missing>(indices.length);
		for (let i = 0; i < indices.length; i++) values[i] = this.values[indices[i] as number] as T | Missing;
		return new ValueColumn(values);
	}
}

/** Numbers (or booleans as 0 and 1) in 8 bytes a row; missing cells sparsely beside them. */
export class NumberColumn implements Column<number> {
	readonly values: Float64Array;
	readonly missing: ReadonlyMap<number, Missing>;

	constructor(values: Float64Array, missing: ReadonlyMap<number, Missing> = new Map()) {
		this.values = values;
		this.missing = missing;
	}

	get length(): number {
		return this.values.length;
	}

	get(row: number): number | Missing {
		return (this.missing.size > 0 && this.missing.get(row)) || (this.values[row] as number);
	}

	take(indices: Int32Array): NumberColumn {
		const values = new Float64Array(indices.length);
		const missing = new Map<number, Missing>();
		for (let i = 0; i < indices.length; i++) {
			const from = indices[i] as number;
			values[i] = this.values[from] as number;
			const gap = this.missing.size > 0 ? this.missing.get(from) : undefined;
			if (gap) missing.set(i, gap);
		}
		return new NumberColumn(values, missing);
	}
}

/** Booleans in one byte a row. */
export class BoolColumn implements Column<boolean> {
	readonly values: Uint8Array;
	readonly missing: ReadonlyMap<number, Missing>;

	constructor(values: Uint8Array, missing: ReadonlyMap<number, Missing> = new Map()) {
		this.values = values;
		this.missing = missing;
	}

	get length(): number {
		return this.values.length;
	}

	get(row: number): boolean | Missing {
		return (this.missing.size > 0 && this.missing.get(row)) || this.values[row] === 1;
	}

	take(indices: Int32Array): BoolColumn {
		const values = new Uint8Array(indices.length);
		const missing = new Map<number, Missing>();
		for (let i = 0; i < indices.length; i++) {
			const from = indices[i] as number;
			values[i] = this.values[from] as number;
			const gap = this.missing.size > 0 ? this.missing.get(from) : undefined;
			if (gap) missing.set(i, gap);
		}
		return new BoolColumn(values, missing);
	}
}

/** Rows of another value list, by index: 4 bytes a row however large the values are. */
export class RefColumn<T> implements Column<T> {
	readonly source: Column<T>;
	readonly indices: Int32Array;

	constructor(source: Column<T>, indices: Int32Array) {
		this.source = source;
		this.indices = indices;
	}

	get length(): number {
		return this.indices.length;
	}

	get(row: number): T | Missing {
		return this.source.get(this.indices[row] as number);
	}

	take(indices: Int32Array): RefColumn<T> {
		const taken = new Int32Array(indices.length);
		for (let i = 0; i < indices.length; i++) taken[i] = this.indices[indices[i] as number] as number;
		return new RefColumn(this.source, taken);
	}
}

/** Choices as flat arrays: option sets and methods are shared, probabilities are 8 bytes an option. */
export class ChoiceColumn implements Column<Choice> {
	readonly shapes: readonly ChoiceShape[];
	/** Index into `shapes` a row; -1 where missing. */
	readonly shapeOf: Int32Array;
	/** Where a row's probabilities start in `probs`. */
	readonly offsets: Int32Array;
	readonly probs: Float64Array;
	/** NaN where unknown. */
	readonly outside: Float64Array;
	readonly missing: ReadonlyMap<number, Missing>;

	constructor(parts: {
		readonly shapes: readonly ChoiceShape[];
		readonly shapeOf: Int32Array;
		readonly offsets: Int32Array;
		readonly probs: Float64Array;
		readonly outside: Float64Array;
		readonly missing: ReadonlyMap<number, Missing>;
	}) {
		this.shapes = parts.shapes;
		this.shapeOf = parts.shapeOf;
		this.offsets = parts.offsets;
		this.probs = parts.probs;
		this.outside = parts.outside;
		this.missing = parts.missing;
	}

	get length(): number {
		return this.shapeOf.length;
	}

	get(row: number): Choice | Missing {
		const gap = this.missing.get(row);
		if (gap) return gap;
		const shape = this.shapes[this.shapeOf[row] as number] as ChoiceShape;
		const start = this.offsets[row] as number;
		const outside = this.outside[row] as number;
		return new Choice(
			shape.options,
			Array.from(this.probs.subarray(start, start + shape.options.length)),
			Number.isNaN(outside) ? null : outside,
			shape.method,
		);
	}

	take(indices: Int32Array): Column<Choice> {
		return new RefColumn(this, indices);
	}
}

export interface ChoiceShape {
	readonly options: readonly string[];
	readonly method: ChoiceMethod;
}
