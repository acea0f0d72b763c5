import test from 'ava';
import { openCompute } from '../../../../kernel/compute/index.ts';
import { DeviceModel } from '../../../../stdlib/models/lm/device-model.ts';
import { Passes } from '../../../../stdlib/models/lm/passes.ts';
import { Scheduler } from '../../../../stdlib/models/lm/scheduler.ts';
import { stateBytes } from '../../../../stdlib/models/lm/states.ts';
import { randomStream } from '../../../../stdlib/random.ts';
import { tinyConfig, tinyWeights } from '../../../helpers/tiny-model.ts';

const { tf } = await openCompute();
const config = tinyConfig();
const model = new DeviceModel(tf, config, tinyWeights(config), config.context);
const signal = new AbortController().signal;
const random = randomStream(3, 'prompts');
const tokens = (length: number): number[] => Array.from({ length }, () => random.below(256));
const BLOCK = stateBytes(config, 64);

/** Writes texts of 30 + 40 tokens and tells how many were being written at once. */
async function written(rows: number, limit: number) {
	const scheduler = new Scheduler(new Passes(model, 2 ** 26), { rows: 64, tokens: limit });
	const [open, most] = [new Set<number>(), { count: 0 }];
	const source = randomStream(9, 'texts');
	const texts = await Promise.all(
		Array.from({ length: rows }, (_, seed) =>
			scheduler.write({
				prompt: Array.from({ length: 30 }, () => source.below(256)),
				temperature: 1,
				topP: 1,
				topK: null,
				maxTokens: 40,
				seed,
				signal,
				isDone: (text) => {
					open.add(seed);
					most.count = Math.max(most.count, open.size);
					// The last token ends a text unasked.
					if (text.length === 39) open.delete(seed);
					return false;
				},
			}),
		),
	);
	return { texts, most: most.count };
}

test('a limit on memory bounds how many texts are written at once, and changes none of them', async (t) => {
	const [free, bound] = [await written(7, 10_000), await written(7, 2 * 70)];
	t.is(free.most, 7);
	t.is(bound.most, 2);
	t.deepEqual(bound.texts, free.texts);
	t.is((await written(3, 10)).most, 1, 'one at a time where none would fit');
});

test('blocks of prompts are forgotten down to the limit, those that prompts share last, and scores stay the same', async (t) => {
	const shared = tokens(65);
	const prompts = Array.from({ length: 12 }, () => [...shared.slice(0, 64), ...tokens(70)]);
	const passes = new Passes(model, 3 * BLOCK);
	const scores = async (on: Passes, prompt: readonly number[]) => {
		const scheduler = new Scheduler(on, { rows: 4, tokens: 10_000 });
		return scheduler.score({ prompt, options: [[5, 6], [7]] }, signal);
	};
	for (const prompt of prompts) {
		t.deepEqual(await scores(passes, prompt), await scores(new Passes(model, 2 ** 26), prompt));
		t.true(passes.prefixes.bytes <= 3 * BLOCK);
	}
	const computed: number[] = [];
	const run = passes.run.bind(passes);
	passes.run = (rows) => {
		computed.push(rows.length);
		return run(rows);
	};
	await scores(passes, [...shared.slice(0, 64), ...tokens(70)]);
	t.is(computed.length, 2, 'one block and the rest: the block that all share is known');
});

test('while many prompts are worked on, old ones make room before new ones are done', async (t) => {
	const passes = new Passes(model, 4 * BLOCK);
	await passes.openPrompts([tokens(300)], () => {});
	t.is(passes.prefixes.bytes, 4 * BLOCK);
	let most = 0;
	const wanted = Array.from({ length: 16 }, () => tokens(65));
	await passes.openPrompts(wanted, () => {
		most = Math.max(most, passes.prefixes.bytes);
	});
	// Sixteen blocks in two passes: after the first, half of them and nothing else.
	t.is(most, 8 * BLOCK);
});
