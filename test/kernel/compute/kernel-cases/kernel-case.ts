import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../../kernel/compute/tfjs.ts';

/** One operation on random inputs, which every device must compute as `cpu` does. */
export interface KernelCase {
	readonly name: string;
	/** Shapes of float inputs, drawn from a standard normal unless `draw` says otherwise. */
	readonly shapes: readonly (readonly number[])[];
	readonly draw?: 'normal' | 'positive' | 'unit';
	readonly run: (tf: Tfjs, ...inputs: Tensor[]) => Tensor;
	/** False where there is none. */
	readonly gradient?: false;
	/** Has jumps, across which finite differences say nothing. */
	readonly jumps?: true;
}

type Run = KernelCase['run'];

export const of = (
	name: string,
	shapes: number[][],
	run: Run,
	more: Partial<KernelCase> = {},
): KernelCase => ({
	name,
	shapes,
	run,
	...more,
});

/** The same operation of TensorFlow.js by its name. */
export const unary = (
	names: string,
	draw: 'normal' | 'positive' | 'unit',
	more: Partial<KernelCase> = {},
): KernelCase[] =>
	names.split(' ').map((name) =>
		of(
			name,
			[[3, 5]],
			(tf, x) => (tf as unknown as Record<string, (x: Tensor) => Tensor>)[name]?.(x) as Tensor,
			{
				draw,
				...more,
			},
		),
	);

export const binary = (
	names: string,
	draw: 'normal' | 'positive',
	more: Partial<KernelCase> = {},
): KernelCase[] =>
	names.split(' ').flatMap((name) =>
		[
			[
				[3, 5],
				[3, 5],
			],
			[
				[2, 3, 5],
				[3, 1],
			],
			[[5], [4, 1, 5]],
		].map((shapes) =>
			of(
				`${name} ${shapes.map((s) => `[${s}]`).join(' ')}`,
				shapes,
				(tf, a, b) =>
					(tf as unknown as Record<string, (a: Tensor, b: Tensor) => Tensor>)[name]?.(
						a as Tensor,
						b as Tensor,
					) as Tensor,
				{ draw, ...more },
			),
		),
	);
/** There is no gradient. */
export const none = { gradient: false } as const;

export const ints = (tf: Tfjs, x: Tensor | undefined, scale: number): Tensor =>
	tf.cast(tf.mul(x as Tensor, scale), 'int32');
