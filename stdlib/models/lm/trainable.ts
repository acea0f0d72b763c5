import { UserError } from '../../define.ts';
import type { WeightValue } from '../../nets/weights.ts';
import { featureOf } from '../../training/batches.ts';
import type { Architecture, Trainable } from '../../training/family.ts';
import type { Data } from '../../values/data.ts';
import { ModelHandle } from '../../values/model.ts';
import type { Message } from '../../values/prompt.ts';
import { type LanguageModelConfig, languageModelFamily } from './language-model-family.ts';
import type { LowRank } from './low-rank.ts';
import { LmProvider, type LmProviderSettings, type LmSource } from './provider.ts';
import type { StoredTransformer } from './stored-transformer.ts';
import { COLUMNS, packedRows, rowLength, type TrainingText } from './training-rows.ts';

/** A language model that can be asked, and trained on prompts and completions. */
export class LanguageModelHandle extends ModelHandle implements Trainable {
	readonly kind = 'trainable';
	readonly family: string = languageModelFamily.name;
	readonly source: LmSource;
	readonly settings: LmProviderSettings;
	readonly lowRank: LowRank | null;
	private opened: Promise<Omit<StoredTransformer, 'weights' | 'close'>> | null = null;

	/** @param lowRank adapters to train in place of the weights */
	constructor(source: LmSource, settings: LmProviderSettings, lowRank: LowRank | null = null) {
		super(new LmProvider(source, settings));
		this.source = source;
		this.settings = settings;
		this.lowRank = lowRank;
	}

	/** The columns `prompt` and `completion` as rows of tokens, all of one length. */
	async prepare(
		on: Data,
		evaluate: Data | null,
	): Promise<{ readonly on: Data; readonly evaluate: Data | null }> {
		const texts = await this.textsOf(on);
		const held = evaluate && (await this.textsOf(evaluate));
		const length = rowLength([...texts, ...(held ?? [])], await this.longest());
		return { on: packedRows(texts, length), evaluate: held && packedRows(held, length) };
	}

	/** @param rows what `prepare` made */
	async build(rows: Data): Promise<Architecture> {
		const features = COLUMNS.map((column) => featureOf(rows, column));
		return { family: this.family, graphs: [], config: await this.described(), features };
	}

	/** The weights that a training begins with. */
	async start(): Promise<ReadonlyMap<string, WeightValue>> {
		const stored = await this.source.open();
		try {
			return new Map(stored.weights());
		} finally {
			stored.close();
		}
	}

	/** Everything but the weights. */
	parts(): Promise<Omit<StoredTransformer, 'weights' | 'close'>> {
		this.opened ??= this.source.open().then((stored) => {
			stored.close();
			return stored;
		});
		return this.opened;
	}

	/** What a trained model keeps of it beside the weights. */
	async described(): Promise<LanguageModelConfig> {
		const { config, tokenizer, chatTemplate } = await this.parts();
		const { identity } = this.source;
		return {
			transformer: config,
			tokenizer: { ...tokenizer, ends: [...tokenizer.ends] },
			chatTemplate,
			lowRank: this.lowRank,
			base: { name: identity.model, sha256: identity.revision ?? '' },
		};
	}

	/** The most tokens that a text may have. */
	async longest(): Promise<number> {
		return Math.min(this.settings.context, (await this.parts()).config.context);
	}

	private async textsOf(data: Data): Promise<TrainingText[]> {
		const encode = await textEncoder(await this.described());
		return Array.from({ length: data.length }, (_, row) =>
			encode(textAt(data, 'prompt', row), textAt(data, 'completion', row)),
		);
	}
}

/** Prompts as a user's message, and what follows with its end, as tokens. */
export type TextEncoder = (prompt: string | readonly Message[], completion: string) => TrainingText;

export async function textEncoder({
	tokenizer: file,
	chatTemplate: template,
}: LanguageModelConfig): Promise<TextEncoder> {
	const [{ Tokenizer }, { chatTemplate }] = await Promise.all([
		import('./tokenizer.ts'),
		import('./chat.ts'),
	]);
	const tokenizer = new Tokenizer({ ...file, ends: new Set(file.ends) });
	const chat = chatTemplate(tokenizer, template);
	const end = file.eos === null ? [] : [file.eos];
	return (prompt, completion) => ({
		prompt: chat.tokens(typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt),
		completion: [...tokenizer.encode(completion, false), ...end],
	});
}

export function textAt(data: Data, column: string, row: number): string {
	const value = data.column(column).get(row);
	if (typeof value === 'string') return value;
	throw new UserError(
		`row ${row} has no text in \`${column}\`, which a language model learns from`,
		'leave out rows whose cells are missing',
	);
}
