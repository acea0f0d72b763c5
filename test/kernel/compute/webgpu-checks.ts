import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { openCompute } from '../../../kernel/compute/index.ts';
import { KERNEL_CASES } from './kernel-cases/index.ts';
import { compare } from './kernel-check.ts';

/** What the webgpu tests look at, found in a process of its own: the driver to use is read from its environment. */
export interface WebgpuFindings {
	readonly wrongKernels: readonly string[];
	readonly gpuLosses: readonly number[];
	readonly cpuLosses: readonly number[];
	readonly leakedTensors: number;
	/** Of a product that does not fit on the device. */
	readonly tooLarge: string | null;
	readonly afterwards: readonly number[];
}

async function train(device: string, steps: number): Promise<{ losses: number[]; leaked: number }> {
	const { tf } = await openCompute({ device });
	const weight = tf.variable(
		tf.tensor2d([
			[0.1, -0.2],
			[0.3, 0.1],
		]),
	);
	const x = tf.tensor2d([1, 2, 3, -1, 0, 1], [3, 2]);
	const y = tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]);
	const adam = tf.train.adam(0.05);
	const losses: number[] = [];
	let before = 0;
	const loss = () => tf.losses.meanSquaredError(y, tf.tanh(tf.matMul(x, weight as never))) as Scalar;
	for (let i = 0; i < steps; i++) {
		const cost = adam.minimize(loss, true, [weight]) as Scalar;
		losses.push((await cost.data())[0] as number);
		cost.dispose();
		if (i === 20) before = tf.memory().numTensors;
	}
	return { losses, leaked: tf.memory().numTensors - before };
}

async function tooLarge(): Promise<string | null> {
	const { tf } = await openCompute({ device: 'webgpu' });
	const wide = tf.ones([60_000, 1]);
	try {
		await (tf.matMul(wide, wide, false, true) as Tensor).data();
		return null;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

const wrongKernels: string[] = [];
// WGSL promises sines to 2⁻¹¹ only.
for (const kernelCase of KERNEL_CASES)
	wrongKernels.push(...(await compare('webgpu', 'cpu', kernelCase, 1e-3)));
/** Fewer than on other devices where nobody waits for all: the adapter is usually simulated. */
const STEPS = process.env.CI === 'true' ? 2_000 : 300;
const [gpu, cpu] = [await train('webgpu', STEPS), await train('cpu', 300)];
const message = await tooLarge();
const { tf } = await openCompute({ device: 'webgpu' });
const findings: WebgpuFindings = {
	wrongKernels,
	gpuLosses: gpu.losses,
	cpuLosses: cpu.losses,
	leakedTensors: gpu.leaked,
	tooLarge: message,
	afterwards: [...(await tf.add(tf.scalar(1), 1).data())],
};
process.stdout.write(`${JSON.stringify(findings)}\n`);
// Dawn's threads would keep the process.
process.exit(0);
