import type { Message } from '../values/prompt.ts';
import type { CallSignal } from './call-signal.ts';
import { type OptionPath, outsideMass, pathLogprob } from './option-paths.ts';
import { withoutPrompt } from './prefill.ts';
import type { ChooseRequest, ChooseResult, LogprobRequest, LogprobResult } from './provider.ts';

/** A model in this process, of which every token's log-probability can be had. */
export interface ExactScorer<Token> {
	/** Tokens of an option's own text; it is not tokenised anew together with the prompt. */
	tokensOf(option: string): readonly Token[];
	score(
		messages: readonly Message[],
		options: readonly (readonly Token[])[],
		signal: CallSignal,
	): Promise<{ readonly paths: readonly OptionPath[]; readonly inputTokens: number }>;
}

/** Exact joint log-probabilities of each option's own tokens behind the prompt's. */
export async function chooseExactly<Token>(
	scorer: ExactScorer<Token>,
	request: ChooseRequest,
	signal: CallSignal,
): Promise<ChooseResult> {
	const options = request.options.map((option) => scorer.tokensOf(option));
	const [given, free] = await Promise.all([
		scorer.score(request.messages, options, signal),
		request.unconditional ? scorer.score(withoutPrompt(request.messages), options, signal) : null,
	]);
	return {
		logprobs: given.paths.map(pathLogprob),
		tokens: options.map((tokens) => tokens.length),
		...(free ? { unconditionalLogprobs: free.paths.map(pathLogprob) } : {}),
		outside: outsideMass(given.paths),
		usage: { inputTokens: given.inputTokens + (free?.inputTokens ?? 0), outputTokens: options.length },
	};
}

/** Exact joint log-probability of the completion's own tokens behind the prompt's. */
export async function logprobExactly<Token>(
	scorer: ExactScorer<Token>,
	request: LogprobRequest,
	signal: CallSignal,
): Promise<LogprobResult> {
	const tokens = scorer.tokensOf(request.completion);
	const { paths, inputTokens } = await scorer.score(request.messages, [tokens], signal);
	return {
		logprob: pathLogprob(paths[0] as OptionPath),
		tokens: tokens.length,
		usage: { inputTokens, outputTokens: tokens.length },
	};
}
