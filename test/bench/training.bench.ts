import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alternating, median, report } from './measure.ts';
import type { StepTimes } from './training-steps.ts';
import { WORKLOADS } from './training-workloads.ts';

/** Training steps and forward passes against PyTorch on the same processors, in alternating rounds. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 6);
const STEPS = process.env.BENCH_STEPS ?? '15';
const PYTHON = '/usr/bin/python3';
const peer = fileURLToPath(new URL('../../../shared/check/training_speed_torch.py', import.meta.url));
const peakPeer = fileURLToPath(new URL('torch_peak.py', import.meta.url));
const forwardPeer = fileURLToPath(new URL('torch_forward.py', import.meta.url));
const ours = fileURLToPath(new URL('training-steps.ts', import.meta.url));
const decoder = fileURLToPath(new URL('decoder-steps.ts', import.meta.url));

const AIMS = {
	step: { 'conv-ae': 1, vqvae: 1, gpt: 0.9, decoder: 1 },
	forward: { 'conv-ae': 0.9, vqvae: 0.9, gpt: 0.9, decoder: 1 },
} as const;
const MEMORY_AIM = 1.5;
type Name = keyof typeof AIMS.step;

/** The library's decoder and trainer have the shapes of `gpt`, whose network is written out for the bench. */
const NAMES = [...(Object.keys(WORKLOADS) as Name[]), 'decoder'] as const;

const peerOf = (name: Name): string => (name === 'decoder' ? 'gpt' : name);

const argumentsOf = (name: Name): string[] => (name === 'decoder' ? [decoder, STEPS] : [ours, name, STEPS]);

function output(command: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
	const { stdout, stderr, status } = spawnSync(command, args, {
		encoding: 'utf8',
		env: { ...process.env, ...env },
	});
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

const runOurs = (): Record<Name, StepTimes> =>
	Object.fromEntries(
		NAMES.map((name) => [name, JSON.parse(output(process.execPath, argumentsOf(name))) as StepTimes]),
	) as Record<Name, StepTimes>;

type Times = Record<string, number>;

const millisecondsIn = (text: string, pattern: RegExp): Times =>
	Object.fromEntries([...text.matchAll(pattern)].map(([, name, ms]) => [name, Number(ms)]));

/** The better of PyTorch's thread settings: its threads spin by default, and fight where there are few processors. */
function runPeer(): { step: Times; forward: Times } {
	const step = millisecondsIn(output(PYTHON, [peer, STEPS]), /^(\S+): best ([\d.]+) ms/gm);
	const passes = [{}, { OMP_WAIT_POLICY: 'PASSIVE', GOMP_SPINCOUNT: '0' }].map((env) =>
		millisecondsIn(output(PYTHON, [forwardPeer, peer, STEPS], env), /^(\S+): ([\d.]+) ms a pass/gm),
	);
	const forward = Object.fromEntries(
		Object.keys(WORKLOADS).map((name) => [name, Math.min(...passes.map((times) => times[name] as number))]),
	);
	return { step, forward };
}

/** With the reference BLAS, PyTorch's matrix products are ten times slower: no peer. */
function peerProblem(): string | null {
	if (!existsSync(peer)) return 'the peer script is not here';
	if (spawnSync(PYTHON, ['-c', 'import torch']).status !== 0)
		return "Debian's python3-torch is not installed";
	const blas = realpathSync('/usr/lib/x86_64-linux-gnu/libblas.so.3');
	return /openblas|mkl|blis/.test(blas) ? null : `PyTorch would multiply with ${blas}; install libopenblas0`;
}

const spread = (values: readonly number[]): string =>
	`${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;

const problem = peerProblem();
if (problem) {
	for (const { name, step, forward, firstStep, peakMegabytes } of Object.values(runOurs()))
		report({
			what: `${name}, a training step`,
			assay: `${step.toFixed(1)} ms, forward ${forward.toFixed(1)} ms, first ${firstStep.toFixed(0)} ms, ${peakMegabytes.toFixed(0)} MB`,
			peer: problem,
		});
} else {
	const rounds = await alternating(ROUNDS, runOurs, runPeer);
	for (const kind of ['step', 'forward'] as const)
		for (const name of NAMES) {
			const ratios = rounds.map(({ a, b }) => a[name][kind] / (b[kind][peerOf(name)] as number));
			const aim = AIMS[kind][name];
			report({
				what: `${name}, ${kind === 'step' ? 'a training step' : 'forward only'}`,
				assay: `${median(rounds.map(({ a }) => a[name][kind])).toFixed(1)} ms`,
				peer: `PyTorch ${median(rounds.map(({ b }) => b[kind][peerOf(name)] as number)).toFixed(1)} ms`,
				ratio: spread(ratios),
				aim: `at most ${aim}`,
				met: median(ratios) <= aim,
			});
		}
	for (const name of NAMES) {
		const first = median(rounds.map(({ a }) => a[name].firstStep));
		const peak = Math.max(...rounds.map(({ a }) => a[name].peakMegabytes));
		report({
			what: `${name}, first step`,
			assay: `${(first / 1000).toFixed(2)} s`,
			aim: 'under 2 s',
			met: first < 2000,
		});
		const torch = Number(output(PYTHON, [peakPeer, peer, peerOf(name), STEPS]));
		report({
			what: `${name}, peak memory`,
			assay: `${peak.toFixed(0)} MB`,
			peer: `PyTorch ${torch} MB`,
			ratio: (peak / torch).toFixed(2),
			aim: `at most ${MEMORY_AIM}`,
			met: peak <= MEMORY_AIM * torch,
		});
	}
}
