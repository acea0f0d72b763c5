import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { compiledStep, openCompute } from '../../kernel/compute/index.ts';
import { median } from './measure.ts';
import { peakBytes } from './peak-memory.ts';
import { WORKLOADS } from './training-workloads.ts';

/** Times the steps of one workload in a process of its own: `training-steps.ts <name> <steps> [device]`. */
export interface StepTimes {
	readonly name: string;
	/** Medians, in milliseconds. */
	readonly step: number;
	readonly forward: number;
	/** Tracing and compiling, in milliseconds. */
	readonly firstStep: number;
	readonly peakMegabytes: number;
}

const [name = 'conv-ae', count = '15', device] = process.argv.slice(2);
const { tf } = await openCompute({ device });
const workload = WORKLOADS[name]?.(tf);
if (!workload) throw new Error(`no workload ${name}`);
const adam = tf.train.adam(workload.learningRate, 0.9, 0.999, 1e-8);
const step = compiledStep(tf, (x) => [
	adam.minimize(() => workload.loss(x as Tensor), true, workload.variables) as Scalar,
]);
const forward = compiledStep(tf, (x) => [workload.loss(x as Tensor)]);

function timed(run: (x: Tensor) => Tensor[], times: number): number[] {
	return Array.from({ length: times }, () => {
		const began = performance.now();
		const [loss] = run(workload?.batch as Tensor) as [Tensor];
		loss.dataSync();
		loss.dispose();
		return performance.now() - began;
	});
}

const WARM = 5;
const steps = timed(step, Number(count) + WARM);
const peakMegabytes = peakBytes() / 2 ** 20;
const passes = timed(forward, Number(count) + WARM);
const found: StepTimes = {
	name,
	step: median(steps.slice(WARM)),
	forward: median(passes.slice(WARM)),
	firstStep: steps[0] as number,
	peakMegabytes,
};
process.stdout.write(`${JSON.stringify(found)}\n`);
