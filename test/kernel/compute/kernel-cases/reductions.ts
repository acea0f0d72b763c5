import type { Tensor } from '@tensorflow/tfjs';
import { type KernelCase, of } from './kernel-case.ts';

const over = (names: string, more: Partial<KernelCase> = {}): KernelCase[] =>
	names
		.split(' ')
		.flatMap((name) =>
			([undefined, 0, [0, 2], -1] as const).flatMap((axis) =>
				[false, true].map((keep) =>
					of(
						`${name} over ${axis ?? 'all'}${keep ? ', kept' : ''}`,
						[[2, 3, 4]],
						(tf, x) =>
							(tf as unknown as Record<string, (x: Tensor, axis: unknown, keep: boolean) => Tensor>)[name]?.(
								x as Tensor,
								axis,
								keep,
							) as Tensor,
						more,
					),
				),
			),
		);

export const reductions: readonly KernelCase[] = over('sum mean max min prod');
