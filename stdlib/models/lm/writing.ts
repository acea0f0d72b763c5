import type { Tensor } from '@tensorflow/tfjs';
import { MASKED } from '../../nets/transformer/blocks.ts';
import { type Random, randomStream } from '../../random.ts';
import type { CallSignal } from '../call-signal.ts';
import type { NextTokens } from './device-model.ts';
import {
	allCandidates,
	type Candidates,
	type Drawing,
	drawFromRest,
	drawToken,
	isLimited,
} from './draw-token.ts';
import { inOrder, type OpenPrompt, type Passes, passGroups } from './passes.ts';
import { pastSize, WINDOW } from './sizes.ts';
import { lengthOf, readStates, rememberedTensors, rowStates, type States } from './states.ts';
import type { Token } from './tokenizer.ts';

export interface WriteRequest extends Drawing {
	readonly prompt: readonly Token[];
	readonly maxTokens: number;
	readonly seed: number;
	/** Whether what was written so far ends there. */
	readonly isDone: (written: readonly Token[]) => boolean;
	readonly signal: CallSignal;
}

/** A text being written. Every draw is from its own stream, and its numbers are the same whatever is written beside it. */
export class WritingRow {
	readonly request: WriteRequest;
	readonly written: Token[] = [];
	states: States[];
	done = false;
	private readonly random: Random;

	constructor(request: WriteRequest, states: readonly States[]) {
		this.request = request;
		this.states = [...states];
		this.random = randomStream(request.seed, 'tokens');
	}

	/** Factor of the logits. */
	get sharpness(): number {
		return this.request.temperature === 0 ? 1 : 1 / this.request.temperature;
	}

	get open(): boolean {
		return !(this.done || this.request.signal.aborted);
	}

	/** Draws the row's next token from line `line` of what was computed. */
	async draw(next: NextTokens, line: number): Promise<void> {
		const { request } = this;
		const uniform = request.temperature === 0 ? 0 : this.random.next();
		const [from, to] = [line * next.top, (line + 1) * next.top];
		const top = {
			ids: next.ids.subarray(from, to),
			scaled: next.values.subarray(from, to),
			logTotal: next.logTotals[line] as number,
			whole: next.top === next.all.shape[1],
		};
		const token = drawToken(top, request, uniform) ?? (await drawFromAll(next, line, top, request, uniform));
		this.written.push(token);
		this.done = this.written.length >= request.maxTokens || request.isDone(this.written);
	}
}

/** The likeliest did not tell: all logits of the row are needed. */
async function drawFromAll(
	next: NextTokens,
	line: number,
	top: Candidates,
	drawing: Drawing,
	uniform: number,
): Promise<Token> {
	const vocabulary = next.all.shape[1] as number;
	const logits = (await next.readAll()).subarray(line * vocabulary, (line + 1) * vocabulary);
	if (!isLimited(drawing)) return drawFromRest(top, logits, uniform);
	return drawToken(allCandidates(logits), drawing, uniform) as Token;
}

/** Computes prompts and draws the first token of each. */
export async function beginRows(
	passes: Passes,
	requests: readonly WriteRequest[],
	between: () => void,
): Promise<WritingRow[]> {
	const opened = await passes.openPrompts(
		requests.map(({ prompt }) => prompt),
		between,
	);
	const rows: WritingRow[] = new Array(requests.length);
	const groups = passGroups(
		requests.map((_, index) => index),
		(index) => {
			const { remembered, tail } = opened[index] as OpenPrompt;
			return { own: tail.length, remembered: lengthOf(remembered) };
		},
	);
	for (const group of groups) {
		between();
		const begun = await beginGroup(
			passes,
			group.map((index) => requests[index] as WriteRequest),
			group.map((index) => opened[index] as OpenPrompt),
		);
		group.forEach((index, i) => {
			rows[index] = begun[i] as WritingRow;
		});
	}
	return rows;
}

async function beginGroup(
	passes: Passes,
	requests: readonly WriteRequest[],
	opened: readonly OpenPrompt[],
): Promise<WritingRow[]> {
	const { model } = passes;
	const pass = passes.run(opened.map(({ remembered, tail }) => ({ remembered, ...inOrder(tail) })));
	const read = await readStates(pass.states);
	const shape = (pass.states[0] as Tensor).shape;
	const rows = opened.map(({ remembered, tail }, row) => {
		const own = rowStates(read, shape, row, tail.length);
		return new WritingRow(requests[row] as WriteRequest, [...remembered, own]);
	});
	const places = opened.map(({ tail }, row) => row * pass.time + tail.length - 1);
	await drawAll(passes, pass.hidden, places, rows);
	model.tf.dispose([pass.hidden, ...pass.states]);
	return rows;
}

/** Draws a token for each open row, its logits being those after its place. */
async function drawAll(
	{ model }: Passes,
	hidden: Tensor,
	places: readonly number[],
	rows: readonly WritingRow[],
): Promise<void> {
	const size = lineSize(rows.length);
	const factors = new Float32Array(size).fill(1);
	rows.forEach((row, i) => {
		factors[i] = row.sharpness;
	});
	const at = Int32Array.from({ length: size }, (_, i) => places[i] ?? 0);
	const next = await model.nextTokens(hidden, at, factors);
	for (const [line, row] of rows.entries()) if (row.open) await row.draw(next, line);
	next.all.dispose();
}

/** 4, 16, 64, …: products of a single row take another path with other roundings, so there are always a few. */
const lineSize = (rows: number): number => 4 ** Math.max(1, Math.ceil(Math.log2(rows) / 2));

/**
 * Writes up to a window of tokens in all rows. A row's windows begin with its own first token, and what it wrote is
 * remembered after each: so its numbers do not depend on when others began.
 */
export async function writeWindow(
	passes: Passes,
	rows: readonly WritingRow[],
	between: () => Promise<void>,
): Promise<void> {
	const { model } = passes;
	const { tf, config } = model;
	const size = lineSize(rows.length);
	const lengths = rows.map(({ states }) => lengthOf(states));
	const past = pastSize(Math.max(...lengths));
	const stretches = rows.map(({ states }) => states);
	const remembered = rememberedTensors(tf, config, stretches, size, past);
	const shape = [size, config.keyValueHeads, WINDOW, config.headSize];
	const zeros = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
	let windows: readonly Tensor[] = Array.from({ length: 2 * config.layers }, () => tf.tensor(zeros, shape));
	const mask = windowMask(lengths, size, past);
	for (let at = 0; at < WINDOW && rows.some(({ open }) => open); at++) {
		const tokens = Int32Array.from({ length: size }, (_, i) => rows[i]?.written.at(-1) ?? 0);
		const positions = Int32Array.from({ length: size }, (_, i) => (lengths[i] ?? 0) + at);
		for (let row = 0; row < size; row++) mask[row * (past + WINDOW) + past + at] = 0;
		const step = model.step(
			{ rows: size, past, tokens, positions, mask: mask.slice(), remembered },
			windows,
			at,
		);
		windows = step.windows;
		const places = rows.map((_, row) => row);
		await drawAll(passes, step.hidden, places, rows);
		step.hidden.dispose();
		await between();
	}
	if (rows.some(({ open }) => open)) await rememberWindow(rows, windows, shape);
	tf.dispose([...windows, ...remembered]);
}

async function rememberWindow(
	rows: readonly WritingRow[],
	windows: readonly Tensor[],
	shape: readonly number[],
): Promise<void> {
	const read = await readStates(windows);
	rows.forEach((row, i) => {
		if (row.open) row.states.push(rowStates(read, shape, i, WINDOW));
	});
}

/** Rows see what they remember; of the window nothing yet. Rows that are padding see the first place of the window only. */
function windowMask(lengths: readonly number[], size: number, past: number): Float32Array {
	const width = past + WINDOW;
	const mask = new Float32Array(size * width).fill(MASKED);
	lengths.forEach((length, row) => {
		mask.fill(0, row * width, row * width + length);
	});
	return mask;
}
