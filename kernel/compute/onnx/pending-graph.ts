import type { Operation } from './operation.ts';
import type { Value } from './value.ts';

/** The operations behind a set of wanted values, in order, with what tells this graph from others. */
export interface PendingGraph {
	readonly operations: readonly Operation[];
	/** Values that are already there and that the operations read. */
	readonly leaves: readonly Value[];
	readonly wanted: readonly Value[];
	/** Equal for graphs that one compiled session can run. */
	readonly signature: Int32Array;
}

let flushes = 0;

/** Each output of one operation has a number of its own; a graph has leaves below zero. */
const OUTPUTS_A_CALL = 64;

export function collect(wanted: readonly Value[]): PendingGraph {
	const flush = ++flushes;
	const operations = behind(wanted, flush);
	operations.sort((a, b) => a.order - b.order);
	const leaves: Value[] = [];
	const signature: number[] = [];
	operations.forEach((operation, slot) => {
		operation.slot = slot;
		signature.push(operation.kind);
		for (const input of operation.inputs) signature.push(reference(input, leaves, flush));
	});
	for (const value of wanted) signature.push(reference(value, leaves, flush));
	// A leaf may have another shape than the one under which it is read.
	for (const { shape } of leaves) signature.push(shape.length, ...shape);
	signature.push(wanted.length, leaves.length);
	return { operations, leaves, wanted, signature: Int32Array.from(signature) };
}

function behind(wanted: readonly Value[], flush: number): Operation[] {
	const found: Operation[] = [];
	const visit = (maker: Operation | null): void => {
		if (!maker || maker.flush === flush) return;
		maker.flush = flush;
		found.push(maker);
	};
	for (const value of wanted) visit(value.maker);
	for (let i = 0; i < found.length; i++)
		for (const input of (found[i] as Operation).inputs) visit(input.maker);
	return found;
}

function reference(value: Value, leaves: Value[], flush: number): number {
	if (value.maker) return value.maker.slot * OUTPUTS_A_CALL + value.output;
	if (value.flush !== flush) {
		value.flush = flush;
		value.slot = leaves.length;
		leaves.push(value);
	}
	// Whether a leaf is compiled in is part of what the graph is.
	return -1 - (value.slot * 2 + (value.constant ? 1 : 0));
}

/** Two independent 32-bit hashes (FNV-1a and a multiplicative one) and the length. */
export function hash(signature: Int32Array): string {
	let fnv = 0x811c9dc5;
	let mixed = 0x9e3779b9;
	for (const word of signature) {
		fnv = Math.imul(fnv ^ word, 0x01000193);
		mixed = Math.imul(mixed + word, 0x85ebca6b);
		mixed ^= mixed >>> 15;
	}
	return `${fnv}.${mixed}.${signature.length}`;
}
