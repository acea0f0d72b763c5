import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import {
	type AssayOptions,
	assay,
	type Finished,
	type RunningAssay,
	startAssay,
	studyFolder,
} from './assay.ts';
import {
	type FaultServer,
	type FaultServerOptions,
	type RecordedRequest,
	startFaultServer,
} from './fault-server.ts';

export interface ServedStudy {
	readonly server: FaultServer;
	/** The study's folder, where its runs take place, and its path in it. */
	readonly folder: string;
	readonly study: string;
	readonly text: string;
	run(args?: readonly string[], options?: AssayOptions): Promise<Finished>;
	start(args?: readonly string[], options?: AssayOptions): RunningAssay;
}

export interface ServedStudyOptions extends FaultServerOptions {
	/** Declarations; `m` is the served model, `p(i)` asks `Question i`, and `n` is a param. */
	readonly body?: string;
	readonly rows?: number;
	readonly concurrency?: number;
}

/** Each row asks once, and is right when the answer is `fine`. */
export const ONE_SAMPLE = `
eval a {
  for i in 1..n
  text = m.sample(p(i), temperature: 0, max_tokens: 8)
  right = text == "fine"
}
table t = from a { rate = mean(right) }
`;

/** A study and the server that it calls, both gone when the test is over. */
export async function serveStudy(
	t: ExecutionContext,
	options: ServedStudyOptions = {},
): Promise<ServedStudy> {
	const { body = ONE_SAMPLE, rows = 6, concurrency = 16 } = options;
	const server = await startFaultServer(options);
	t.teardown(() => server.close());
	const text = `study "Served" { seed: 1 }
param n: Number = ${rows}
model m = openai("scripted", base_url: "${server.openaiUrl}", concurrency: ${concurrency})
prompt p(i: Number) { user "Question {i}: which?" }
${body}`;
	const folder = studyFolder({ 'study.assay': text });
	t.teardown(folder.remove);
	const args = (more: readonly string[]): string[] => ['run', 'study.assay', ...more];
	return {
		server,
		folder: folder.path,
		study: join(folder.path, 'study.assay'),
		text,
		run: (more = [], how = {}) => assay(args(more), { cwd: folder.path, ...how }),
		start: (more = [], how = {}) => startAssay(args(more), { cwd: folder.path, ...how }),
	};
}

/** The number in `Question 12: …` of a request. */
export const questionOf = (request: RecordedRequest): number =>
	Number(/Question (\d+)/.exec(JSON.stringify(request.body))?.[1] ?? Number.NaN);

/** Puts a file into a study's folder. */
export const writeBeside = ({ folder }: ServedStudy, name: string, text: string): void =>
	writeFileSync(join(folder, name), text);
