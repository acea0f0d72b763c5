import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { studyFolder } from '../helpers/assay.ts';
import { assay } from './assay-process.ts';
import { alternating, count, mb, median, report } from './measure.ts';
import { startServer } from './start-server.ts';
import { choiceQuestions, choiceStudy } from './studies.ts';

const ITEMS = 2_000;
const IN_FLIGHT = 64;
const ROUNDS = 3;
const PACKAGES = ['inspect-ai==0.3.285', 'openai==3.57.0'];

const environment = fileURLToPath(new URL('../../.venv-bench', import.meta.url));
const python = join(environment, 'bin/python');

const peerResult = z.object({
	seconds: z.number(),
	peak: z.number(),
	samples: z.literal(ITEMS),
	accuracy: z.number(),
});
type PeerResult = z.infer<typeof peerResult>;

function must(command: string, args: readonly string[]): string {
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		encoding: 'utf8',
		maxBuffer: 1 << 26,
	});
	if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
	return stdout;
}

function install(): void {
	if (!existsSync(python)) must('python3', ['-m', 'venv', environment]);
	must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
}

install();
const server = await startServer(0);
const folder = studyFolder({
	'study.assay': choiceStudy(server.url, IN_FLIGHT),
	'questions.jsonl': choiceQuestions(ITEMS),
});
const path = (name: string): string => join(folder.path, name);
let round = 0;

const inspect = (): PeerResult => {
	const script = fileURLToPath(new URL('./inspect_peer.py', import.meta.url));
	const logs = path(`logs-${round}`);
	const printed = must(python, [
		script,
		`${server.url}/v1`,
		path('questions.jsonl'),
		logs,
		String(IN_FLIGHT),
	]);
	return peerResult.parse(JSON.parse(printed.trim().split('\n').at(-1) as string));
};
const ours = () => {
	round++;
	return assay(['run', path('study.assay'), '--store', path(`store-${round}.db`)], folder.path);
};

const results = await alternating(ROUNDS, ours, inspect);
if ((await server.served()) !== 2 * ROUNDS * ITEMS) throw new Error('the two made different calls');
const rate = (each: { readonly seconds: number }): number => ITEMS / each.seconds;
const ratio = (of: (each: { readonly seconds: number; readonly peak: number }) => number): string =>
	median(results.map(({ a, b }) => of(a) / of(b))).toPrecision(2);
report({
	what: `Multiple choice, ${count(ITEMS)} items, ${IN_FLIGHT} in flight: samples a second`,
	assay: count(median(results.map(({ a }) => rate(a)))),
	peer: `Inspect: ${count(median(results.map(({ b }) => rate(b))))}`,
	ratio: ratio(rate),
});
report({
	what: 'The same: peak memory',
	assay: mb(median(results.map(({ a }) => a.peak))),
	peer: `Inspect: ${mb(median(results.map(({ b }) => b.peak)))}`,
	ratio: ratio(({ peak }) => peak),
});
folder.remove();
server.stop();
