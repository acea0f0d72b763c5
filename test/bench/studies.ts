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

/** `simulatedStudy` with its fields written otherwise: its steps are new, and its calls are in the store. */
export const simulatedStudyAgain = (n: number): string => `
study "Simulated rows" { seed: 1 }
model m = simulated(accuracy: 0.6)
prompt p(i: Number) { user "Question {i}: which of A, B, C and D is it?" }
eval answers {
  for i in 1..${n}
  best = m.choose(p(i), options: ["A", "B", "C", "D"]).best
  right = best == "A"
}
table t = from answers { rate = mean(right) }
`;

/** Multiple choice by sampling, in Inspect's words, over `questions.jsonl` beside the study. */
export const choiceStudy = (url: string, concurrency: number): string => `
study "Multiple choice" { seed: 1 }
data questions = jsonl("questions.jsonl")
model m = openai("loopback", base_url: "${url}/v1", concurrency: ${concurrency})
prompt q(question: Text, choices: List<Text>) {
  user """
  Answer the following multiple choice question. The entire content of your response should be of the following format: 'ANSWER: $LETTER' (without quotes) where LETTER is one of A,B,C,D.

  {question}

  {lettered(choices, style: "A) ")}
  """
}
eval answers {
  for x in questions
  answer = m.sample(q(x.question, x.choices), temperature: 0, max_tokens: 16)
  correct = letter(answer, ["A", "B", "C", "D"]) == x.answer
}
table accuracy = from answers { accuracy = mean(correct) }
`;

export function choiceQuestions(n: number): string {
	const line = (i: number): string =>
		JSON.stringify({
			question: `Question ${i}: a train leaves at ${i % 24} o'clock and takes ${i} minutes. In which quarter of the day does it arrive?`,
			choices: ['The first', 'The second', 'The third', 'The fourth'].map((quarter) => `${quarter} (${i})`),
			answer: 'ABCD'[i % 4],
		});
	return `${Array.from({ length: n }, (_, i) => line(i)).join('\n')}\n`;
}

export async function runText(text: string, options: Partial<RunOptions> = {}): Promise<RunResult> {
	const compiled = await compileStudy({ text, path: null, library: standardLibrary });
	if (!compiled.plan) throw new Error(compiled.diagnostics.map((d) => d.message).join('\n'));
	return run(compiled.plan, { library: standardLibrary, store: null, ...options });
}
