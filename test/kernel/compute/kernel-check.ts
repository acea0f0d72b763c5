import type { Tensor } from '@tensorflow/tfjs';
import { openCompute, type TensorDraws, tensorDraws } from '../../../kernel/compute/index.ts';
import type { Tfjs } from '../../../kernel/compute/tfjs.ts';
import { randomStream } from '../../../stdlib/random.ts';
import type { KernelCase } from './kernel-cases/kernel-case.ts';

export interface Numbers {
	readonly shape: readonly number[];
	readonly dtype: string;
	readonly data: readonly number[];
}

export interface Computed {
	readonly value: Numbers;
	/** Of sum(value · dy), with dy drawn, by each input; empty where there is none. */
	readonly gradients: readonly Numbers[];
}

/** The case's value and gradients on a device: inputs are the same on each. */
export async function compute(device: string, kernelCase: KernelCase): Promise<Computed> {
	const { tf } = await openCompute({ device });
	const { run, gradient } = kernelCase;
	const draws = tensorDraws(tf, randomStream(1, kernelCase.name));
	const inputs = inputsOf(kernelCase, draws);
	const value = tf.tidy(() => run(tf, ...inputs));
	const gradients: Numbers[] = [];
	if (gradient !== false) {
		const dy = draws.normal(value.shape);
		const loss = (...xs: Tensor[]) => tf.sum(tf.mul(run(tf, ...xs), dy));
		for (const dx of tf.tidy(() => tf.grads(loss as never)(inputs))) gradients.push(await read(dx));
	}
	return { value: await read(value), gradients };
}

const inputsOf = ({ shapes, draw }: KernelCase, draws: TensorDraws): Tensor[] =>
	shapes.map((shape) => {
		if (draw === 'positive') return draws.uniform([...shape], 0.3, 2);
		return draw === 'unit' ? draws.uniform([...shape], -0.8, 0.8) : draws.normal([...shape]);
	});

async function read(tensor: Tensor): Promise<Numbers> {
	const data = Array.from(await tensor.data());
	tensor.dispose();
	return { shape: tensor.shape, dtype: tensor.dtype, data };
}

/** Where two results differ by more than single precision explains; null where they agree. */
export function disagreement(got: Numbers, want: Numbers, relative = 1e-4): string | null {
	if (got.shape.join() !== want.shape.join()) return `shape [${got.shape}], not [${want.shape}]`;
	if (got.dtype !== want.dtype) return `${got.dtype}, not ${want.dtype}`;
	const scale = Math.max(...want.data.map(Math.abs).filter(Number.isFinite), 1e-30);
	for (const [i, x] of want.data.entries()) {
		const y = got.data[i] as number;
		if (Object.is(x, y) || x === y) continue;
		// The largest number sets how exactly sums can be known.
		if (!(Math.abs(x - y) <= relative * Math.abs(x) + 0.1 * relative * scale))
			return `${y} at ${i}, not ${x}`;
	}
	return null;
}

/** What is wrong with a case on a device as against another. */
export async function compare(
	device: string,
	reference: string,
	kernelCase: KernelCase,
	relative = 1e-4,
): Promise<string[]> {
	const want = await compute(reference, kernelCase);
	let got: Computed;
	try {
		got = await compute(device, kernelCase);
	} catch (error) {
		return [`${kernelCase.name}: ${error instanceof Error ? error.message : String(error)}`];
	}
	const pairs = [
		[got.value, want.value],
		...want.gradients.map((gradient, i) => [got.gradients[i], gradient]),
	];
	return pairs.flatMap(([a, b], i) => {
		const wrong = disagreement(a as Numbers, b as Numbers, relative);
		return wrong ? [`${kernelCase.name}${i ? `, gradient ${i - 1}` : ''}: ${wrong}`] : [];
	});
}

/** How far a case's gradient is from the slope along a random direction; null where single precision explains it. */
export function slopeError(tf: Tfjs, kernelCase: KernelCase): string | null {
	let wrong: string | null = null;
	tf.tidy(() => {
		const draws = tensorDraws(tf, randomStream(2, kernelCase.name));
		const inputs = inputsOf(kernelCase, draws);
		const directions = inputs.map((x) => draws.normal(x.shape));
		const dy = draws.normal(kernelCase.run(tf, ...inputs).shape);
		const loss = (...xs: Tensor[]) => tf.sum(tf.mul(kernelCase.run(tf, ...xs), dy));
		const gradients = tf.grads(loss as never)(inputs);
		const slope = gradients.reduce((sum, g, i) => sum + total(tf.mul(g, directions[i] as Tensor)), 0);
		const at = (step: number): number =>
			total(loss(...inputs.map((x, i) => tf.add(x, tf.mul(directions[i] as Tensor, step)))));
		// Two steps, as one may straddle a kink.
		const errors = [4e-3, 1e-3].map((step) => Math.abs((at(step) - at(-step)) / (2 * step) - slope));
		const size = Math.abs(slope) + Math.abs(at(0)) + Math.sqrt(dy.size);
		const least = Math.min(...errors);
		if (!(least < 0.02 * size)) wrong = `${kernelCase.name}: off by ${least} of ${slope}`;
	});
	return wrong;
}

const total = (x: Tensor): number => Array.from(x.dataSync()).reduce((sum, value) => sum + value, 0);
