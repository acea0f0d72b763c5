import { define, UserError } from '../define.ts';

/** A quantity that moves over a training run: `a to b`, straight unless it says otherwise. */
export interface Schedule {
	readonly kind: 'schedule';
	readonly from: number;
	readonly to: number;
	readonly shape?: 'linear' | 'cosine' | 'exponential';
	/** Part of the steps over which it first rises from zero. */
	readonly warmup?: number;
	/** Part of the steps, after the warm-up, over which it stays at `from`. */
	readonly hold?: number;
}

export type Rate = number | Schedule;

export const isSchedule = (value: unknown): value is Schedule =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'schedule';

/** The value in step `step` (from 0) of `steps`: the first step has `from`, the last one `to`. */
export function valueAt(rate: Rate, step: number, steps: number): number {
	if (typeof rate === 'number') return rate;
	const { from, to, shape = 'linear', warmup = 0, hold = 0 } = rate;
	const at = steps <= 1 ? 1 : step / (steps - 1);
	if (at < warmup) return from * ((step + 1) / (warmup * (steps - 1) + 1));
	const start = warmup + hold;
	const t = start >= 1 ? 0 : Math.min(1, Math.max(0, (at - start) / (1 - start)));
	if (shape === 'cosine') return to + ((from - to) * (1 + Math.cos(Math.PI * t))) / 2;
	if (shape === 'exponential') return from * (to / from) ** t;
	return from + (to - from) * t;
}

interface ShapedArgs {
	readonly rate: Schedule;
	readonly warmup: number;
	readonly hold: number;
}

function shaped({ rate, warmup, hold }: ShapedArgs, shape: 'linear' | 'cosine' | 'exponential'): Schedule {
	if (warmup < 0 || hold < 0 || warmup + hold > 1)
		throw new UserError('warmup and hold are parts of the run: together at most 1');
	if (shape === 'exponential' && !(rate.from > 0 && rate.to > 0))
		throw new UserError('an exponential schedule goes between two numbers above 0');
	return { ...rate, shape, warmup, hold };
}

const shapedDefinition = (shape: 'linear' | 'cosine' | 'exponential', doc: string, cite?: string) =>
	define({
		name: shape,
		signature: `${shape}(rate: Schedule, warmup: Prob = 0, hold: Prob = 0) -> Schedule`,
		doc:
			`${doc} \`warmup\` is the part of the steps over which it first rises from zero, \`hold\` the part after that ` +
			'over which it stays where it begins.',
		...(cite ? { cite } : {}),
		example: `let rate = (4e-4 to 4e-5) |> ${shape}(warmup: 0.05)`,
		version: 1,
		run: (args: ShapedArgs) => shaped(args, shape),
	});

export const scheduleDefinitions = [
	shapedDefinition('linear', 'A schedule that goes straight, as `a to b` alone does.'),
	shapedDefinition(
		'cosine',
		'A schedule that goes along half a cosine.',
		'Loshchilov & Hutter 2016 (arXiv:1608.03983)',
	),
	shapedDefinition('exponential', 'A schedule that changes by the same factor in every step.'),
];
