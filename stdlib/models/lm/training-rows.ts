import { UserError } from '../../define.ts';
import { Data } from '../../values/data.ts';
import { tensorValue } from '../../values/tensor.ts';
import type { Token } from './tokenizer.ts';

/** A text to learn from: what is given, and what is to be written after it. */
export interface TrainingText {
	readonly prompt: readonly Token[];
	readonly completion: readonly Token[];
}

/** Columns of a row, one number a place. A place's label is the token after it; its weight is 1 where that is to be learned. */
export const COLUMNS = ['tokens', 'labels', 'weights', 'segments', 'positions'] as const;

export type TrainingColumn = (typeof COLUMNS)[number];

/** Lengths of rows come in steps, as each is compiled. */
const STEP = 16;

/** Places that a text takes: its last token is only a label. */
const placesOf = ({ prompt, completion }: TrainingText): number => prompt.length + completion.length - 1;

/** The length of rows that the longest of the texts fits into. @throws {UserError} for a text longer than `longest` */
export function rowLength(texts: readonly TrainingText[], longest: number): number {
	const long = texts.findIndex((text) => placesOf(text) > longest);
	if (long >= 0)
		throw new UserError(
			`row ${long} has ${placesOf(texts[long] as TrainingText) + 1} tokens, more than the model's context of ${longest} allows`,
			'leave such rows out or cut them short',
		);
	return Math.min(longest, STEP * Math.ceil(Math.max(1, ...texts.map(placesOf)) / STEP));
}

/**
 * Texts packed into rows of one length, several short ones in a row, in their order. Each is a segment, numbered from 1 in
 * its row, whose places count from 0 and see nothing of the others; what is over has segment 0 and weight 0.
 */
export const packedRows = (texts: readonly TrainingText[], length: number): Data =>
	Data.fromRows(
		distributed(texts, length).map((row) => rowOf(row, length)),
		[],
		COLUMNS,
	);

/** Each text goes into the row at hand if it still fits there. */
function distributed(texts: readonly TrainingText[], length: number): TrainingText[][] {
	const rows: TrainingText[][] = [];
	let room = 0;
	for (const text of texts) {
		const places = placesOf(text);
		if (places > room) {
			rows.push([]);
			room = length;
		}
		rows.at(-1)?.push(text);
		room -= places;
	}
	return rows;
}

function rowOf(texts: readonly TrainingText[], length: number): Record<TrainingColumn, unknown> {
	const columns = COLUMNS.map(() => new Float32Array(length));
	const [tokens, labels, weights, segments, positions] = columns as [
		Float32Array,
		Float32Array,
		Float32Array,
		Float32Array,
		Float32Array,
	];
	let at = 0;
	for (const [i, { prompt, completion }] of texts.entries()) {
		const whole = [...prompt, ...completion];
		for (let place = 0; place + 1 < whole.length; place++, at++) {
			tokens[at] = whole[place] as Token;
			labels[at] = whole[place + 1] as Token;
			weights[at] = place + 1 >= prompt.length ? 1 : 0;
			segments[at] = i + 1;
			positions[at] = place;
		}
	}
	return Object.fromEntries(
		COLUMNS.map((name, i) => [name, tensorValue([length], columns[i] as Float32Array)]),
	) as Record<TrainingColumn, unknown>;
}
