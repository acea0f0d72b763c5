import { z } from 'zod';

/** What is read of the OpenAI protocol's answers; servers add and leave out much else. */
const usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number().optional() }).nullish();

const topLogprob = z.object({ token: z.string(), logprob: z.number() });
export type TopLogprob = z.infer<typeof topLogprob>;

const message = z.object({ content: z.string().nullish(), refusal: z.string().nullish() });

/** An answer of which only the text is wanted. */
export const sampleReply = z.object({
	choices: z.array(z.object({ message, finish_reason: z.string().nullish() })).min(1, 'no choice'),
	usage,
});
export type SampleReply = z.infer<typeof sampleReply>;

const chatLogprobs = z
	.object({
		content: z
			.array(z.object({ token: z.string(), logprob: z.number(), top_logprobs: z.array(topLogprob) }))
			.nullish(),
	})
	.nullish();

export const chatReply = z.object({
	choices: z
		.array(
			z.object({
				message,
				finish_reason: z.string().nullish(),
				logprobs: chatLogprobs,
			}),
		)
		.min(1, 'no choice'),
	usage,
});
export type ChatReply = z.infer<typeof chatReply>;

export const chatChunk = z.object({
	choices: z.array(
		z.object({
			delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
			finish_reason: z.string().nullish(),
		}),
	),
	usage,
});

export const completionReply = z.object({
	choices: z
		.array(
			z.object({
				text: z.string(),
				finish_reason: z.string().nullish(),
				logprobs: z
					.object({
						tokens: z.array(z.string()),
						token_logprobs: z.array(z.number().nullable()),
						text_offset: z.array(z.number()),
						top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
					})
					.nullish(),
			}),
		)
		.min(1, 'no choice'),
	usage,
});
export type CompletionReply = z.infer<typeof completionReply>;

export const completionChunk = z.object({
	choices: z.array(z.object({ text: z.string().nullish(), finish_reason: z.string().nullish() })),
	usage,
});

export const embeddingReply = z.object({
	data: z.array(z.object({ embedding: z.array(z.number()) })).min(1, 'no embedding'),
	usage,
});
