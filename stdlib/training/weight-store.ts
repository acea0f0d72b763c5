import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from '../../kernel/compute/index.ts';
import type { WeightValue, WeightValues } from '../nets/weights.ts';

/** Named tensors that live on the device from step to step. */
export class WeightStore {
	readonly variables: ReadonlyMap<string, Variable>;
	private readonly tf: Tfjs;

	constructor(tf: Tfjs, values: WeightValues, trainable: (name: string) => boolean) {
		this.tf = tf;
		this.variables = new Map(
			[...values].map(([name, { shape, data }]) => {
				const start = tf.tensor(data.slice(), [...shape], 'float32');
				const variable = tf.variable(start, trainable(name));
				start.dispose();
				return [name, variable];
			}),
		);
	}

	get(name: string): Variable {
		const variable = this.variables.get(name);
		if (!variable) throw new Error(`there is no weight ${name}`);
		return variable;
	}

	set(name: string, value: Tensor): void {
		this.get(name).assign(value);
	}

	write(name: string, values: Float32Array): void {
		const variable = this.get(name);
		const value = this.tf.tensor(values.slice(), variable.shape, 'float32');
		variable.assign(value);
		value.dispose();
	}

	/** Everything that is wanted as plain data. */
	async values(wanted: (name: string) => boolean = () => true): Promise<Map<string, WeightValue>> {
		const found = new Map<string, WeightValue>();
		for (const [name, variable] of this.variables) {
			if (!wanted(name)) continue;
			const data = (await variable.data()) as Float32Array;
			found.set(name, { shape: variable.shape, data: data.slice() });
		}
		return found;
	}

	restore(values: WeightValues): void {
		for (const [name, { data }] of values) if (this.variables.has(name)) this.write(name, data);
	}

	dispose(): void {
		for (const variable of this.variables.values()) variable.dispose();
	}
}
