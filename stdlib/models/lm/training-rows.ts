import { UserError } from '../../define.ts';
import { Data } from '../../values/data.ts';
import { tensorValue } from '../../values/tensor.ts';
import type { Token } from './tokenizer.ts';

/** A text to learn from: what is given, and what is to be written after it. */
export interface TrainingText {
	readonly prompt: readonly Token[];
	readonly completion: readonly Token[];
	/** Probability that the answer to the prompt is known, read at the prompt's last token. */
	readonly known?: number;
}

/** Columns of a row, one number a place. A place's label is the token after it; its weight is 1 where that is to be learned. */
export const COLUMNS = ['tokens', 'labels', 'weights', 'segments', 'positions'] as const;

/** The same with what is known at a place, where that is to be learned. */
export const KNOWN_COLUMNS = [...COLUMNS, 'known', 'known_weights'] as const;

export type TrainingColumn = (typeof KNOWN_COLUMNS)[number];

/** Lengths of rows come in steps, as each is compiled. */
const STEP = 16;

/** Places that a text takes: a completion's last token is only a label. */
const placesOf = ({ prompt, completion }: TrainingText): number =>
	prompt.length + Math.max(1, completion.length) - 1;

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
export const packedRows = (
	texts: readonly TrainingText[],
	length: number,
	columns: readonly TrainingColumn[] = COLUMNS,
): Data =>
	Data.fromRows(
		distributed(texts, length).map((row) => rowOf(row, length, columns)),
		[],
		columns,
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

function rowOf(
	texts: readonly TrainingText[],
	length: number,
	columns: readonly TrainingColumn[],
): Record<string, unknown> {
	const made = new Map(columns.map((name) => [name, new Float32Array(length)]));
	let at = 0;
	const put = (name: TrainingColumn, value: number): void => {
		const column = made.get(name);
		if (column) column[at] = value;
	};
	for (const [i, text] of texts.entries()) {
		const { prompt, completion, known } = text;
		const whole = [...prompt, ...completion];
		for (let place = 0; place < placesOf(text); place++, at++) {
			const label = whole[place + 1];
			put('tokens', whole[place] as Token);
			put('labels', label ?? 0);
			put('weights', label !== undefined && place + 1 >= prompt.length ? 1 : 0);
			put('segments', i + 1);
			put('positions', place);
			if (place + 1 !== prompt.length || known === undefined) continue;
			put('known', known);
			put('known_weights', 1);
		}
	}
	return Object.fromEntries([...made].map(([name, values]) => [name, tensorValue([length], values)]));
}
