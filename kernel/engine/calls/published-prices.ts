/** US dollars for a million tokens. */
export interface Price {
	readonly provider: string;
	/** A dated snapshot of it (`gpt-4.1-2025-04-14`) has the same price. */
	readonly model: string;
	readonly input: number;
	readonly output: number;
}

/** The list prices below were current on this day. They change; a price file of one's own comes before them. */
export const PRICES_AS_OF = '2026-10-10';

const price = (provider: string, model: string, input: number, output: number): Price => ({
	provider,
	model,
	input,
	output,
});

export const PUBLISHED: readonly Price[] = [
	price('openai', 'gpt-4.1', 2, 8),
	price('openai', 'gpt-4.1-mini', 0.4, 1.6),
	price('openai', 'gpt-4.1-nano', 0.1, 0.4),
	price('openai', 'gpt-4o', 2.5, 10),
	price('openai', 'gpt-4o-mini', 0.15, 0.6),
	price('openai', 'gpt-5', 1.25, 10),
	price('openai', 'gpt-5-mini', 0.25, 2),
	price('openai', 'gpt-5-nano', 0.05, 0.4),
	price('openai', 'text-embedding-3-small', 0.02, 0),
	price('openai', 'text-embedding-3-large', 0.13, 0),
	price('anthropic', 'claude-haiku-4-5', 1, 5),
	price('anthropic', 'claude-sonnet-4', 3, 15),
	price('anthropic', 'claude-sonnet-4-5', 3, 15),
	price('anthropic', 'claude-opus-4', 15, 75),
	price('anthropic', 'claude-opus-4-1', 15, 75),
	price('anthropic', 'claude-opus-4-5', 5, 25),
	price('anthropic', 'claude-opus-5', 5, 25),
	price('anthropic', 'claude-opus-5-5', 4, 20),
	price('anthropic', 'claude-sonnet-5', 2, 10),
	price('anthropic', 'claude-sonnet-5-5', 2, 10),
];
