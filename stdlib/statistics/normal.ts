import { define, UserError } from '../define.ts';
import type { Uncertainty } from '../values/uncertainty.ts';
import { LEVEL, normalInterval } from './interval.ts';

/** value ± z · se, from the aggregate's own standard error. */
export function normal(level = LEVEL): Uncertainty {
	if (!(level > 0 && level < 1))
		throw new UserError(`a confidence level lies between 0 and 1, found ${level}`);
	return {
		kind: 'uncertainty',
		name: 'normal',
		level,
		apply: ({ full }) => {
			if (full.value !== null && full.se === null && full.n > 1) {
				throw new UserError(
					'this aggregate has no standard error of its own, so a normal interval cannot be made',
					'use ± bootstrap(2000)',
				);
			}
			const method = full.clusters === null ? 'normal' : 'normal, clustered';
			return { ...full, ...normalInterval(full.value, full.se, level), level, method };
		},
	};
}

export const normalDefinition = define<{ level: number }, Uncertainty>({
	name: 'normal',
	signature: 'normal(level: Number = 0.95) -> Uncertainty',
	doc: "Attaches a normal interval to an aggregate, value ± z·se, from the aggregate's own standard error. For means of few rows the interval that mean gives by itself (from t) is more honest.",
	example: 'accuracy = mean(acc) ± normal(0.95)',
	version: 1,
	run: ({ level }) => normal(level),
});
