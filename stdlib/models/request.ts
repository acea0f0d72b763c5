import type { RunContext } from '../context.ts';
import { UserError } from '../define.ts';
import { deriveSeed } from '../random.ts';
import { Prompt } from '../values/prompt.ts';
import type { SampleRequest } from './provider.ts';
import { requireWhole } from './whole-number.ts';

/** What can be asked of a model: a bare text is one user message. */
export const asPrompt = (prompt: Prompt | string): Prompt =>
	typeof prompt === 'string' ? new Prompt([{ role: 'user', content: prompt }]) : prompt;

export interface Drawing {
	readonly temperature: number;
	readonly topP: number;
	readonly topK?: number | undefined;
	readonly maxTokens: number;
	readonly stop: readonly string[];
	readonly seed: number;
}

/** The `index`-th draw of a prompt. At temperature 0 the seed has no part in the answer, nor in the request's key. */
export function drawRequest(
	prompt: Prompt,
	drawing: Drawing,
	index: number,
	context: RunContext,
): SampleRequest {
	return {
		kind: 'sample',
		messages: prompt.messages,
		temperature: drawing.temperature,
		topP: drawing.topP,
		...(drawing.topK === undefined ? {} : { topK: drawing.topK }),
		maxTokens: drawing.maxTokens,
		stop: drawing.stop,
		seed: drawing.temperature === 0 ? 0 : seedOf(drawing.seed, index, context.repeat),
		subjects: prompt.subjects,
	};
}

/** A stream of its own for each draw and each repeat. */
function seedOf(root: number, index: number, repeat: string | undefined): number {
	if (repeat !== undefined) return deriveSeed(root, `sample/${index}/repeat/${repeat}`);
	if (root !== memoRoot) {
		memoRoot = root;
		memo.length = 0;
	}
	if (index >= 1024) return deriveSeed(root, `sample/${index}`);
	memo[index] ??= deriveSeed(root, `sample/${index}`);
	return memo[index];
}

/** Most rows of a study draw under its one seed, and a hash costs more than the rest of a request. */
let memoRoot = Number.NaN;
const memo: number[] = [];

export function checkDrawing(where: string, drawing: Drawing): void {
	const { temperature, topP, topK, maxTokens } = drawing;
	if (!(temperature >= 0))
		throw new UserError(`${where}: temperature is ${temperature}, but cannot be below 0`);
	if (!(topP > 0 && topP <= 1))
		throw new UserError(`${where}: top_p is ${topP}, but must be above 0 and at most 1`);
	if (topK !== undefined) requireWhole(where, 'top_k', topK);
	requireWhole(where, 'max_tokens', maxTokens);
}
