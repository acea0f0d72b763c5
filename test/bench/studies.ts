import { type RunOptions, type RunResult, run } from '../../kernel/engine/run.ts';
import { compileStudy } from '../../kernel/study/compile.ts';
import { standardLibrary } from '../../stdlib/index.ts';

export const KEYLESS = { OPENAI_API_KEY: 'sk-loopback-0123456789abcdef' };

/** `n` different samples from an OpenAI-speaking server. */
export const samplesStudy = (url: string, n: number, concurrency: number): string => `
study "Loopback" { seed: 1 }
model m = openai("loopback", base_url: "${url}/v1", concurrency: ${concurrency})
prompt p(i: Number) { user "Question {i}: which of A, B, C and D is it?" }
eval answers {
  for i in 1..${n}
  answer = m.sample(p(i), temperature: 0, max_tokens: 4)
}
`;

/** A multiple choice study on the simulated responder. */
export const simulatedStudy = (n: number): string => `
study "Simulated rows" { seed: 1 }
model m = simulated(accuracy: 0.6)
prompt p(i: Number) { user "Question {i}: which of A, B, C and D is it?" }
eval answers {
  for i in 1..${n}
  p = m.choose(p(i), options: ["A", "B", "C", "D"])
  best = p.best
  right = best == "A"
}
table t = from answers { rate = mean(right) }
`;

export async function runText(text: string, options: Partial<RunOptions> = {}): Promise<RunResult> {
	const compiled = await compileStudy({ text, path: null, library: standardLibrary });
	if (!compiled.plan) throw new Error(compiled.diagnostics.map((d) => d.message).join('\n'));
	return run(compiled.plan, { library: standardLibrary, store: null, ...options });
}
