import { z } from 'zod';
import { UserError } from '../../define.ts';
import type { TokenizerFile } from './stored-transformer.ts';

/** A token as tokenizer_config.json names it: its text, or an object with it. */
const named = z
	.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
	.nullish();

const configSchema = z.object({
	bos_token: named,
	eos_token: named,
	add_bos_token: z.boolean().nullish(),
	chat_template: z.string().nullish(),
});

const tokenizerSchema = z.object({
	model: z.object({ vocab: z.record(z.string(), z.number()).optional() }).loose(),
	added_tokens: z.array(z.object({ id: z.number(), content: z.string() }).loose()).default([]),
	post_processor: z.unknown(),
});

const generationSchema = z.object({ eos_token_id: z.union([z.number(), z.array(z.number())]).nullish() });

/** The parsed files of a folder; null for one that is not there. */
export interface TokenizerFiles {
	readonly tokenizer: unknown;
	readonly tokenizerConfig: unknown;
	readonly generationConfig: unknown;
	/** chat_template.jinja */
	readonly chatTemplate: string | null;
}

export function huggingFaceTokenizer(
	files: TokenizerFiles,
	folder: string,
): { readonly tokenizer: TokenizerFile; readonly chatTemplate: string | null } {
	const json = tokenizerSchema.safeParse(files.tokenizer);
	if (!json.success)
		throw new UserError(`${folder} has no tokenizer.json that can be read`, 'lm needs it beside the weights');
	const config = configSchema.safeParse(files.tokenizerConfig ?? {});
	if (!config.success) throw new UserError(`${folder}/tokenizer_config.json cannot be read`);
	const { added_tokens: added, model } = json.data;
	const idOf = (text: string | null | undefined): number | null =>
		text == null ? null : (added.find(({ content }) => content === text)?.id ?? model.vocab?.[text] ?? null);
	const eos = idOf(config.data.eos_token);
	const generation = generationSchema.safeParse(files.generationConfig ?? {});
	const more = generation.success ? [generation.data.eos_token_id ?? []].flat() : [];
	const bos = idOf(config.data.bos_token);
	const addBos = config.data.add_bos_token ?? putsBefore(json.data.post_processor, config.data.bos_token);
	return {
		tokenizer: {
			json: files.tokenizer as Record<string, unknown>,
			bos,
			addBos: addBos && bos !== null,
			ends: new Set(eos === null ? more : [eos, ...more]),
			eos,
		},
		chatTemplate: files.chatTemplate ?? config.data.chat_template ?? null,
	};
}

/** Whether tokenizer.json itself says that texts begin with the token. */
const putsBefore = (postProcessor: unknown, bos: string | null | undefined): boolean =>
	bos != null && JSON.stringify(postProcessor ?? null).includes(JSON.stringify(bos));
