import type { TransformerConfig } from '../../nets/transformer/config.ts';
import type { WeightValue } from '../../nets/weights.ts';

/** A transformer as it lies in files: what it is, and how its parts are read. */
export interface StoredTransformer {
	readonly path: string;
	readonly config: TransformerConfig;
	readonly tokenizer: TokenizerFile;
	/** Source of the chat template; null for a plain language model. */
	readonly chatTemplate: string | null;
	/**
	 * Every weight by its name in `transformerWeights`, one after the other so that only one is held twice.
	 * @throws {UserError} when one is missing or has another shape than the settings say
	 */
	weights(): Iterable<readonly [name: string, value: WeightValue]>;
	close(): void;
}

/** What a tokenizer is made from. */
export interface TokenizerFile {
	/** As in Hugging Face's tokenizer.json. */
	readonly json: Readonly<Record<string, unknown>>;
	/** Token before every text, and whether it is put there. */
	readonly bos: number | null;
	readonly addBos: boolean;
	/** Tokens that end what a model writes. */
	readonly ends: ReadonlySet<number>;
	readonly eos: number | null;
}
