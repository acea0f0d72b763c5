import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadPrices, publishedPrices } from '../../../../kernel/engine/calls/prices.ts';
import { UserError } from '../../../../stdlib/define.ts';

const million = { inputTokens: 1e6, outputTokens: 1e6 };
const usd = (provider: string, model: string, settings = {}): number | null =>
	publishedPrices.usd({ provider, model, ...settings }, million);

test('prices are per million tokens, input and output apart', (t) => {
	t.is(
		publishedPrices.usd(
			{ provider: 'openai', model: 'gpt-4.1' },
			{ inputTokens: 500_000, outputTokens: 250_000 },
		),
		3,
	);
});

test('a dated snapshot costs what its model costs', (t) => {
	t.is(usd('openai', 'gpt-4.1-mini-2025-04-14'), usd('openai', 'gpt-4.1-mini'));
	t.is(usd('anthropic', 'claude-sonnet-4-20250514'), usd('anthropic', 'claude-sonnet-4'));
	t.not(usd('anthropic', 'claude-opus-4-5-20251101'), usd('anthropic', 'claude-opus-4'));
});

test('models on this machine are free', (t) => {
	t.is(usd('simulated', 'anything'), 0);
	t.is(usd('gguf', 'smollm2-135m-instruct'), 0);
	t.is(usd('openai', 'gpt-4.1', { baseUrl: 'http://127.0.0.1:8080/v1' }), 0);
});

test("an unknown model is unknown, and so is a known name on somebody else's server", (t) => {
	t.is(usd('openai', 'gpt-99'), null);
	t.is(usd('openai', 'gpt-4.1', { baseUrl: 'https://llm.example.org/v1' }), null);
	t.is(usd('openai', 'gpt-4.1', { baseUrl: 'https://api.openai.com/v1' }), 10);
});

const folderWith = (text: string): string => {
	const folder = mkdtempSync(join(tmpdir(), 'assay-prices-'));
	writeFileSync(join(folder, 'prices.json'), text);
	return folder;
};

test('a price file comes before the published prices and leaves the others', (t) => {
	const folder = folderWith(
		'{"asOf": "2026-05-01", "models": [{"provider": "openai", "model": "gpt-4.1", "input": 1, "output": 0}]}',
	);
	const prices = loadPrices(folder, {});
	t.is(prices.asOf, '2026-05-01');
	t.is(prices.usd({ provider: 'openai', model: 'gpt-4.1' }, million), 1);
	t.is(prices.usd({ provider: 'openai', model: 'gpt-4o' }, million), 12.5);
	t.is(loadPrices(tmpdir(), { ASSAY_PRICES: join(folder, 'prices.json') }).asOf, '2026-05-01');
});

test('without a price file there are the published prices', (t) => {
	t.is(loadPrices(join(tmpdir(), 'nowhere'), {}), publishedPrices);
});

test('a price file that is wrong says where', (t) => {
	const negative = folderWith(
		'{"asOf": "2026-05-01", "models": [{"provider": "p", "model": "m", "input": -1, "output": 0}]}',
	);
	t.regex(
		t.throws(() => loadPrices(negative, {}), { instanceOf: UserError })?.message ?? '',
		/models\[0\]\.input/,
	);
	t.throws(() => loadPrices(folderWith('{'), {}), { instanceOf: UserError, message: /cannot be read/ });
	t.throws(() => loadPrices('', { ASSAY_PRICES: '/nowhere.json' }), {
		instanceOf: UserError,
		message: /no price file/,
	});
});
