import type { TopLogprob } from './openai-wire.ts';
import { type OptionPath, outsideMass, pathLogprob } from './option-paths.ts';
import { CallError } from './provider.ts';

/** The likeliest tokens after the prompt and `written`. */
export type NextTokens = (written: string) => Promise<readonly TopLogprob[]>;

/** Longer options than this are for models that score a given text. */
const MOST_TOKENS = 64;

export interface ScoredOptions {
	readonly logprobs: number[];
	readonly tokens: number[];
	readonly outside: number;
}

/**
 * Scores options from lists of likeliest tokens only. Each option is spelled by the longest visible token that fits at
 * each place; options that share tokens are followed together, with one call for each place. An option that leaves the
 * list has log-probability -Infinity: it lies below what could be seen.
 */
export async function scoreByTopTokens(
	options: readonly string[],
	nextTokens: NextTokens,
	canContinue: boolean,
): Promise<ScoredOptions> {
	const paths = options.map(() => ({ tokens: [] as string[], logprobs: [] as number[], text: '' }));
	let open = new Map<string, number[]>([['', options.map((_, i) => i)]]);
	for (let depth = 0; open.size > 0; depth++) {
		if (depth > 0 && !canContinue) throw cannotFollow(options, open);
		if (depth === MOST_TOKENS) throw tooLong();
		const tops = await Promise.all(
			[...open.keys()].map(async (written) => [written, await nextTokens(written)] as const),
		);
		const next = new Map<string, number[]>();
		for (const [written, top] of tops) {
			for (const i of open.get(written) ?? []) {
				const path = paths[i] as (typeof paths)[number];
				const rest = (options[i] as string).slice(written.length);
				const token = longestFitting(top, rest);
				// What is left of an unseen option counts as one token.
				path.tokens.push(token?.token ?? rest);
				if (!token) continue;
				path.logprobs.push(token.logprob);
				if (token.token === rest) continue;
				const reached = written + token.token;
				next.set(reached, [...(next.get(reached) ?? []), i]);
			}
		}
		open = next;
	}
	return summary(paths);
}

const summary = (paths: readonly OptionPath[]): ScoredOptions => ({
	logprobs: paths.map(pathLogprob),
	tokens: paths.map((path) => path.tokens.length),
	outside: outsideMass(paths),
});

function longestFitting(top: readonly TopLogprob[], rest: string): TopLogprob | null {
	let best: TopLogprob | null = null;
	for (const candidate of top) {
		if (candidate.token === '' || !rest.startsWith(candidate.token)) continue;
		if (best === null || candidate.token.length > best.token.length) best = candidate;
	}
	return best;
}

function cannotFollow(options: readonly string[], open: ReadonlyMap<string, readonly number[]>): CallError {
	const first = options[[...open.values()][0]?.[0] ?? 0];
	return new CallError(
		'unsupported',
		`the option ${JSON.stringify(first)} is more than one token here, and this service cannot continue a begun answer; use options of one token such as "A" and "B", or by: sampling(n: 20)`,
	);
}

const tooLong = (): CallError =>
	new CallError(
		'unsupported',
		`an option has more than ${MOST_TOKENS} tokens; ask the server's completion API with api: "completions", or use by: sampling(n: 20)`,
	);
