import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UserError } from '../../../stdlib/define.ts';
import type { ModelIdentity, Usage } from '../../../stdlib/models/provider.ts';
import { PRICES_AS_OF, type Price, PUBLISHED } from './published-prices.ts';

export interface PriceTable {
	/** The day on which the prices were read, `2026-05-01`. */
	readonly asOf: string;
	/** US dollars, or null when the model's price is not known. Models on this machine are free. */
	usd(model: ModelIdentity, usage: Usage): number | null;
}

/** Providers whose models run in this process. */
const ON_THIS_MACHINE: ReadonlySet<string> = new Set(['simulated', 'gguf', 'lm', 'cassette']);

/** Their list prices are the published ones; any other server that speaks their protocol has prices of its own. */
const PUBLISHERS: ReadonlySet<string> = new Set(['api.openai.com', 'api.anthropic.com']);

/** Snapshots and aliases of one model: `-2025-04-14`, `-20250514`, `-latest`, and `-0` for the first of a generation. */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest|0)$/;

const PriceFile = z.strictObject({
	asOf: z.iso.date(),
	models: z.array(
		z.strictObject({
			provider: z.string(),
			model: z.string(),
			/** US dollars for a million tokens. */
			input: z.number().nonnegative(),
			output: z.number().nonnegative(),
		}),
	),
});

export const publishedPrices: PriceTable = priceTable(PRICES_AS_OF, PUBLISHED, []);

/**
 * The published prices, with those of the user's file before them: the file that `ASSAY_PRICES` names, or `prices.json`
 * in the store's folder. `{"asOf": "2026-05-01", "models": [{"provider": "openai", "model": "my-model", "input": 0.5, "output": 2}]}`,
 * in US dollars for a million tokens.
 */
export function loadPrices(
	folder: string,
	env: Readonly<Record<string, string | undefined>> = process.env,
): PriceTable {
	const named = env.ASSAY_PRICES;
	const file = named ?? join(folder, 'prices.json');
	if (!existsSync(file)) {
		if (named === undefined) return publishedPrices;
		throw new UserError(
			`there is no price file at ${file}`,
			'ASSAY_PRICES names it; correct it or take it out.',
		);
	}
	const own = readPriceFile(file);
	return priceTable(own.asOf, PUBLISHED, own.models);
}

function readPriceFile(file: string): z.infer<typeof PriceFile> {
	let json: unknown;
	try {
		json = JSON.parse(readFileSync(file, 'utf8'));
	} catch (error) {
		throw new UserError(`the price file ${file} cannot be read: ${(error as Error).message}`, null, error);
	}
	const parsed = PriceFile.safeParse(json);
	if (parsed.success) return parsed.data;
	throw new UserError(
		`the price file ${file} is not as expected:\n${z.prettifyError(parsed.error)}`,
		'It looks like {"asOf": "2026-05-01", "models": [{"provider": "openai", "model": "…", "input": 0.5, "output": 2}]}, in US dollars for a million tokens.',
	);
}

function priceTable(asOf: string, published: readonly Price[], own: readonly Price[]): PriceTable {
	const byName = index([...published, ...own]);
	const ownByName = index(own);
	const found = new WeakMap<ModelIdentity, Price | 'free' | 'unknown'>();
	const look = (model: ModelIdentity): Price | 'free' | 'unknown' => {
		const server = serverOf(model);
		const names = server === null ? byName : ownByName;
		const known =
			names.get(nameOf(model)) ?? names.get(nameOf({ ...model, model: model.model.replace(SNAPSHOT, '') }));
		if (known) return known;
		return ON_THIS_MACHINE.has(model.provider) || (server !== null && isLoopback(server))
			? 'free'
			: 'unknown';
	};
	return {
		asOf,
		usd: (model, { inputTokens, outputTokens }) => {
			let price = found.get(model);
			if (price === undefined) {
				price = look(model);
				found.set(model, price);
			}
			if (price === 'free') return 0;
			if (price === 'unknown') return null;
			return (inputTokens * price.input + outputTokens * price.output) / 1e6;
		},
	};
}

function nameOf({ provider, model }: { readonly provider: string; readonly model: string }): string {
	return `${provider}/${model}`;
}

function index(prices: readonly Price[]): ReadonlyMap<string, Price> {
	return new Map(prices.map((price) => [nameOf(price), price]));
}

/** The address among the identity's settings, whatever its name, unless it is a publisher's. */
function serverOf(model: ModelIdentity): URL | null {
	for (const value of Object.values(model)) {
		const url = typeof value === 'string' && /^https?:\/\//.test(value) ? URL.parse(value) : null;
		if (url) return PUBLISHERS.has(url.hostname) ? null : url;
	}
	return null;
}

const isLoopback = ({ hostname }: URL): boolean =>
	hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
