import type { ModelRequest, Usage } from '../../../stdlib/models/provider.ts';

/** Tokens that a scored option can take at most besides its bytes: end markers and separators. */
const OPTION_OVERHEAD = 8;

/**
 * Tokens that a call can take at most. No tokeniser in use gives more tokens than UTF-8 bytes, and the JSON around the
 * messages is more than any chat template adds. An option is scored by its own pass over the prompt in the worst case.
 */
export function worstUsage(request: ModelRequest, text: string): Usage {
	const bytes = Buffer.byteLength(text);
	switch (request.kind) {
		case 'sample':
			return { inputTokens: bytes, outputTokens: request.maxTokens };
		case 'choose': {
			const passes = request.options.length * (request.unconditional ? 2 : 1);
			const spelled = request.options.reduce(
				(sum, option) => sum + Buffer.byteLength(option) + OPTION_OVERHEAD,
				0,
			);
			return { inputTokens: bytes * Math.max(1, passes), outputTokens: spelled };
		}
		case 'logprob':
			return { inputTokens: bytes, outputTokens: Buffer.byteLength(request.completion) + OPTION_OVERHEAD };
		case 'embed':
			return { inputTokens: bytes, outputTokens: 0 };
	}
}

/** Tokens that a call will about take, for pacing: four characters a token, and all the output it is allowed. */
export function likelyTokens(request: ModelRequest, text: string): number {
	const input = Math.ceil(text.length / 4);
	return request.kind === 'sample' ? input + request.maxTokens : input;
}
