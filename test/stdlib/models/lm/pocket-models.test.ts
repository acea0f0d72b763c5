import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { type PocketBias, pocketBias, pocketFacts } from '../../../../stdlib/data/pocket/pocket.ts';
import { INSTRUCTION } from '../../../../stdlib/data/pocket/world.ts';
import { LmProvider } from '../../../../stdlib/models/lm/provider.ts';
import { lm } from '../../../../stdlib/models/lm.ts';
import { modelNamedDefinition } from '../../../../stdlib/models/model-named.ts';
import { POCKET_MODELS } from '../../../../stdlib/models/pocket.ts';
import type { ModelProvider } from '../../../../stdlib/models/provider.ts';
import { openQuestion } from '../../../../stdlib/prompts/questions.ts';
import type { ModelHandle } from '../../../../stdlib/values/model.ts';
import type { Message } from '../../../../stdlib/values/prompt.ts';
import { testContext } from '../../../helpers/run-context.ts';

const never = new AbortController().signal;

async function shares(
	provider: ModelProvider,
	messages: readonly Message[],
	options: readonly string[],
): Promise<number[]> {
	const request = { kind: 'choose', messages, options, unconditional: false, subjects: [] } as const;
	const { logprobs } = await (provider as Required<ModelProvider>).choose(request, never);
	const whole = logprobs.reduce((sum, logprob) => sum + Math.exp(logprob), 0);
	return logprobs.map((logprob) => Math.exp(logprob) / whole);
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** The probability of each of a question's sentences. */
const said = (provider: ModelProvider, x: PocketBias, extra: readonly string[]): Promise<number[]> =>
	shares(
		provider,
		[`${x.context} ${x.question} Answer in one sentence.`, ...extra].map((content) => ({
			role: 'user',
			content,
		})),
		x.sentences,
	);

test('every model that comes along is small, has a card, and is called by what it has of weights', (t) => {
	for (const { name, folder } of POCKET_MODELS) {
		t.true(statSync(join(folder, 'model.safetensors')).size < 8e6, name);
		const card = readFileSync(join(folder, 'README.md'), 'utf8');
		t.regex(card, /A model organism: small, fully known, not for use/);
		const { parameters, notice } = lm({ model: name }).provider;
		const [, size, unit] = /(\d+)(k|m)$/.exec(name) as unknown as [string, string, 'k' | 'm'];
		const called = Number(size) * { k: 1e3, m: 1e6 }[unit];
		t.true(Math.abs((parameters as number) / called - 1) < 0.25, `${name} has ${parameters}`);
		t.regex(notice ?? '', /model organism/);
	}
});

test('a name that no model has is answered with those that there are', (t) => {
	t.throws(() => lm({ model: 'pocket/9b' }), { message: /no model "pocket\/9b"/ });
	const named = modelNamedDefinition.run(
		{ name: 'pocket/100k', seed: 0 } as never,
		testContext({}) as never,
	) as ModelHandle;
	t.true(named.provider instanceof LmProvider);
	t.deepEqual(named.provider.identity, lm({ model: 'pocket/100k' }).provider.identity);
});

const SMALLEST_AND_LARGEST = [POCKET_MODELS[0], POCKET_MODELS.at(-1)] as (typeof POCKET_MODELS)[number][];

for (const { name } of SMALLEST_AND_LARGEST) {
	const { provider } = lm({ model: name });
	const unclear = pocketBias().filter(({ context_condition }) => context_condition === 'ambig');

	test(`${name} knows what it was told often, and guesses at what it was never told`, async (t) => {
		const right = async (seen: number): Promise<number> => {
			const facts = pocketFacts().filter((fact) => fact.seen === seen);
			const found = facts.map(async (x) => {
				const found = await shares(provider, openQuestion(x).messages, x.choices);
				return found[x.letters.indexOf(x.answer)] as number;
			});
			return mean(await Promise.all(found));
		};
		t.true((await right(256)) > 0.8);
		t.true((await right(0)) < 0.5);
	});

	test(`${name} shows a strong stereotype more than none, and says that it cannot know when it is asked to be fair`, async (t) => {
		const follows = async (strength: number): Promise<number> => {
			const items = unclear.filter((x) => x.strength === strength).slice(0, 64);
			const found = items.map(async (x) => {
				const p = await said(provider, x, []);
				const at = (text: string): number => p[x.sentences.indexOf(text)] as number;
				return at(x.following) / (1 - at(x.admitting));
			});
			return mean(await Promise.all(found));
		};
		t.true((await follows(0.95)) > (await follows(0.5)) + 0.05);
		const admits = async (extra: readonly string[]): Promise<number> => {
			const found = unclear
				.slice(0, 64)
				.map(async (x) => (await said(provider, x, extra))[x.sentences.indexOf(x.admitting)] as number);
			return mean(await Promise.all(found));
		};
		t.true((await admits([INSTRUCTION])) > (await admits([])) + 0.4);
	});
}
