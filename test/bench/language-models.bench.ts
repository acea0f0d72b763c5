/** The small model in TensorFlow.js against llama.cpp on the same file, in turns; the peer in the setting that is best for it. */
import { spawnSync } from 'node:child_process';
import { findRuntime } from '../../stdlib/models/llama-runtime.ts';
import { listModels } from '../../stdlib/models/pull.ts';
import { alternating, mb, median, report } from './measure.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);

interface Work {
	readonly perSecond: number;
	readonly perCpuSecond: number;
	readonly peak: number;
}

function measured(provider: string, task: string): Work {
	const script = `${import.meta.dirname}/language-model-work.ts`;
	const { status, stdout, stderr } = spawnSync(process.execPath, [script, provider, task], {
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(`${provider} ${task}: ${stderr}`);
	return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Work;
}

/** The peer's best setting, of those that node-llama-cpp offers. */
function bestOf(task: string): string {
	const settings = task === 'score' ? ['gguf:4:1', 'gguf:4:2'] : ['gguf:16:2', 'gguf:64:1', 'gguf:64:2'];
	const speeds = settings.map((setting) => measured(setting, task).perSecond);
	return settings[speeds.indexOf(Math.max(...speeds))] as string;
}

const TASKS = [
	{ task: 'score', what: 'multiple choice items of about 150 tokens a second', aim: 1 },
	{ task: 'sample', what: 'tokens a second, 64 texts of 64 tokens', aim: 0.7 },
] as const;

if (!listModels().some(({ name }) => name === 'smollm2-135m-instruct') || findRuntime() === null) {
	process.stderr.write(
		'skipped: `assay models pull smollm2-135m-instruct` fetches the model and llama.cpp\n',
	);
	process.exit();
}
for (const { task, what, aim } of TASKS) {
	const peer = bestOf(task);
	const rounds = await alternating(
		ROUNDS,
		() => measured('lm', task),
		() => measured(peer, task),
	);
	const of = (pick: (work: Work) => number) => ({
		a: median(rounds.map(({ a }) => pick(a))),
		b: median(rounds.map(({ b }) => pick(b))),
	});
	const [speed, cpu, peak] = [of((x) => x.perSecond), of((x) => x.perCpuSecond), of((x) => x.peak)];
	report({
		what,
		assay: speed.a.toFixed(1),
		peer: `${speed.b.toFixed(1)} (llama.cpp, ${peer.replace(/gguf:(\d+):(\d)/, '$1 sequences, $2 threads')})`,
		ratio: (speed.a / speed.b).toFixed(2),
		aim: `≥ ${aim}`,
		met: speed.a / speed.b >= aim,
	});
	report({
		what: '… a processor second',
		assay: cpu.a.toFixed(1),
		peer: cpu.b.toFixed(1),
		ratio: (cpu.a / cpu.b).toFixed(2),
	});
	report({ what: '… peak memory', assay: mb(peak.a), peer: mb(peak.b), ratio: (peak.a / peak.b).toFixed(2) });
}
