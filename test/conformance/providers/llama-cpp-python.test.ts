import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { gguf } from '../../../stdlib/models/gguf.ts';
import { openai } from '../../../stdlib/models/openai.ts';
import type { ModelProvider } from '../../../stdlib/models/provider.ts';
import { renderText } from '../../../stdlib/models/templates.ts';
import type { Message } from '../../../stdlib/values/prompt.ts';
import { llamaServer, MODEL, type Needed, PYTHON, type RunningServer, smallModel } from '../servers.ts';
import { providerSuite, skip, type Traits } from '../suite.ts';

let server: Promise<Needed<RunningServer>> | null = null;
const running = (): Promise<Needed<RunningServer>> => {
	server ??= llamaServer();
	return server;
};
test.after.always(async () => {
	const found = await server;
	if (found && 'here' in found) found.here.stop();
});

type Settings = Omit<Parameters<typeof openai>[0], 'name' | 'baseUrl'>;

/** This server cuts the distribution unless it is told not to. */
const extra = { top_k: 0, min_p: 0 };

const provider = (settings: Settings) => async (): Promise<Needed<ModelProvider>> => {
	const found = await running();
	if ('missing' in found) return found;
	return {
		here: openai({ name: 'smol', baseUrl: `${found.here.origin}/v1`, concurrency: 4, extra, ...settings })
			.provider,
	};
};

const TRAITS: Traits = {
	seeds: true,
	prefill: false,
	exactScores: false,
	tolerance: 0.02,
	writes: true,
	context: 1024,
	slow: true,
};

providerSuite('llama-cpp-python, chat', provider({}), TRAITS);
providerSuite('llama-cpp-python, chat, streamed', provider({ stream: true }), TRAITS);
providerSuite('llama-cpp-python, completions', provider({ api: 'completions' }), {
	...TRAITS,
	prefill: true,
	exactScores: true,
});

const SCORER = fileURLToPath(new URL('../score.py', import.meta.url));
const never = new AbortController().signal;
const SYSTEM: Message = { role: 'system', content: 'You are a helpful assistant.' };
const CASES: readonly { readonly messages: readonly Message[]; readonly options: readonly string[] }[] = [
	{
		messages: [SYSTEM, { role: 'user', content: 'Is the sky blue?' }],
		options: ['Yes', 'No', ' Yes', 'The sky'],
	},
	{
		messages: [
			SYSTEM,
			{ role: 'user', content: 'Which is bigger?\n(A) the sun\n(B) the moon' },
			{ role: 'assistant', content: 'The answer is' },
		],
		options: [' (A)', ' (B)', ' B, the moon, of course'],
	},
	{
		messages: [SYSTEM, { role: 'user', content: 'Größe? 日本' }, { role: 'assistant', content: 'Ja:' }],
		options: [' é 日本', ' 🌊'],
	},
];

/** The server evaluates what it has not seen before only, sometimes a token alone: that moves its numbers by about this. */
const SERVER_NOISE = 0.2;

test.serial('the server’s log-probabilities of the same file are those of this process', async (t) => {
	const [served, found] = [await provider({ api: 'completions' })(), await running()];
	if ('missing' in served || 'missing' in found)
		return skip(t, 'missing' in served ? served.missing : 'no server');
	const own = gguf({ model: MODEL, context: 512, threads: 1 }).provider;
	t.teardown(() => own.close?.());
	for (const { messages, options } of CASES) {
		const request = { kind: 'choose' as const, messages, options, unconditional: false, subjects: [] };
		const here = await own.choose?.(request, never);
		const there = await served.here.choose?.(request, never);
		options.forEach((option, i) => {
			const [a, b] = [here?.logprobs[i] as number, there?.logprobs[i] as number];
			t.true(Math.abs(a - b) < SERVER_NOISE, `${JSON.stringify(option)}: ${a} here, ${b} there`);
			t.is(here?.tokens[i], there?.tokens[i]);
		});
		t.true(Math.abs((here?.outside ?? 0) - (there?.outside ?? 1)) < 0.05);
	}
});

test.serial(
	'llama-cpp-python, asked in its own language, gives the same log-probabilities to a thousandth',
	async (t) => {
		const model = await smallModel();
		if ('missing' in model || !existsSync(PYTHON))
			return skip(t, 'missing' in model ? model.missing : 'llama-cpp-python is not here');
		const own = gguf({ model: MODEL, context: 512, threads: 1 }).provider;
		t.teardown(() => own.close?.());
		const asked = CASES.map(({ messages, options }) => ({ prompt: renderText(messages, 'chatml'), options }));
		const { stdout } = spawnSync(PYTHON, [SCORER, model.here], {
			input: JSON.stringify(asked),
			encoding: 'utf8',
		});
		const expected = JSON.parse(stdout) as { logprob: number; tokens: number }[][];
		for (const [i, { messages, options }] of CASES.entries()) {
			const found = await own.choose?.(
				{ kind: 'choose', messages, options, unconditional: false, subjects: [] },
				never,
			);
			for (const [j, option] of options.entries()) {
				const { logprob, tokens } = expected[i]?.[j] as { logprob: number; tokens: number };
				const actual = found?.logprobs[j] as number;
				t.true(
					Math.abs(actual - logprob) < 1e-3,
					`${JSON.stringify(option)}: ${actual} here, ${logprob} there`,
				);
				t.is(found?.tokens[j], tokens);
			}
		}
	},
);

test.serial('first tokens of a chat agree too', async (t) => {
	const served = await provider({})();
	if ('missing' in served) return skip(t, served.missing);
	const own = gguf({ model: MODEL, context: 512, threads: 1 }).provider;
	t.teardown(() => own.close?.());
	const messages = CASES[0]?.messages as readonly Message[];
	const request = {
		kind: 'choose' as const,
		messages,
		options: ['Yes', 'The', 'I'],
		unconditional: false,
		subjects: [],
	};
	const here = await own.choose?.(request, never);
	const there = await served.here.choose?.(request, never);
	let seen = 0;
	there?.logprobs.forEach((logprob, i) => {
		if (logprob === Number.NEGATIVE_INFINITY) return;
		seen++;
		t.true(
			Math.abs(logprob - (here?.logprobs[i] as number)) < SERVER_NOISE,
			`${logprob} and ${here?.logprobs[i]}`,
		);
	});
	t.true(seen >= 1);
});
