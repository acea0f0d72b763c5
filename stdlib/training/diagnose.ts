import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from '../../kernel/compute/index.ts';
import type { Architecture, BatchTensors, Family, TrainingPass } from './family.ts';

interface Suspect {
	readonly batch: BatchTensors;
	readonly pass: (watch: (layer: string, value: Tensor) => void) => TrainingPass;
	readonly learned: readonly (readonly [name: string, weight: Variable])[];
}

/**
 * Where the first value that is no finite number comes from in a step: a weight, the data, a layer's result, the loss, or a
 * weight's gradient. Null when there is none.
 */
export async function diagnose(
	tf: Tfjs,
	family: Family,
	architecture: Architecture,
	{ batch, pass, learned }: Suspect,
): Promise<string | null> {
	for (const [name, weight] of learned) if (!(await allFinite(weight))) return `the weight ${name}`;
	for (const [name, values] of Object.entries(batch))
		if (!(await allFinite(values))) return `the data's column \`${name}\``;
	const seen: [string, Tensor][] = [];
	const { value, grads } = tf.variableGrads(
		() =>
			family.loss(
				architecture,
				batch,
				pass((layer, result) => seen.push([layer, tf.keep(result)])),
			).loss,
		learned.map(([, weight]) => weight),
	);
	try {
		for (const [layer, result] of seen) if (!(await allFinite(result))) return `the layer ${layer}`;
		if (!(await allFinite(value))) return 'the loss itself, while every layer gives numbers';
		// Gradients come back from the loss, so the last layer is where it begins.
		for (const [name, weight] of [...learned].reverse()) {
			const gradient = grads[weight.name];
			if (gradient && !(await allFinite(gradient))) return `the gradient of ${name}`;
		}
		return null;
	} finally {
		for (const [, result] of seen) result.dispose();
		value.dispose();
		for (const gradient of Object.values(grads)) gradient.dispose();
	}
}

async function allFinite(tensor: Tensor): Promise<boolean> {
	const values = await tensor.data();
	for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
	return true;
}
