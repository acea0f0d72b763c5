import type { Core } from '../../../dsl/plan/core.ts';
import { BoolColumn, type Column, NumberColumn } from '../../../stdlib/values/column.ts';
import { type Estimate, isEstimate } from '../../../stdlib/values/estimate.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Uncertainty } from '../../../stdlib/values/uncertainty.ts';
import { compile } from './compile.ts';
import { Fault } from './fault.ts';
import type { Code, Frame, Group } from './frame.ts';
import { relocated } from './lambdas.ts';
import { chain, each } from './maybe.ts';
import type { Environment, Scope } from './scope.ts';
import { describe } from './shapes.ts';

/** `of ± method`: the method gets the aggregate as a function of rows. */
export function compileUncertain(core: Core & { op: 'uncertain' }, env: Environment, scope: Scope): Code {
	if (!scope.group) throw new Fault('± stands after an aggregate in a table', core.loc ?? null);
	const of = compile(core.of, env, { ...scope, resampled: true });
	const method = compile(core.method, env, scope);
	return {
		async: true,
		run: (frame) =>
			chain(
				each([of, method], (part) => part.run(frame)),
				([full, uncertainty]) => {
					if (full instanceof Missing) return full;
					if (uncertainty instanceof Missing) return uncertainty;
					return relocated(
						() => applied(uncertainty as Uncertainty, full, of, frame, core.loc ?? null),
						core.loc,
					);
				},
			),
	};
}

function applied(method: Uncertainty, full: unknown, of: Code, frame: Frame, loc: number | null): Estimate {
	const group = frame.group as Group;
	const estimate = bareEstimate(full, group, loc);
	return method.apply({
		n: group.rows.length,
		missing: estimate.missing,
		full: estimate,
		at: (rows) => pointOf(of.run(frame.withGroup({ ...group, resample: rows })), loc),
	});
}

/** The number that an aggregate came to, or null when it came to none. */
export function pointOf(value: unknown, loc: number | null): number | null {
	if (typeof value === 'number') return Number.isNaN(value) ? null : value;
	if (isEstimate(value)) return value.value;
	if (value === null || value === undefined || value instanceof Missing) return null;
	if (value instanceof Promise) {
		value.catch(() => {});
		throw new Fault('an aggregate that calls a model cannot be resampled', loc);
	}
	throw new Fault(`expected a number to put an interval around, found ${describe(value)}`, loc);
}

/** An aggregate's value as an estimate: a number has no error, and n are the rows of the group with every value it reads. */
export function bareEstimate(full: unknown, group: Group, loc: number | null): Estimate {
	if (isEstimate(full)) return full;
	const value = pointOf(full, loc);
	const rows = group.resample?.length ?? group.rows.length;
	const missing = missingRows(group);
	return {
		kind: 'estimate',
		value,
		se: null,
		low: null,
		high: null,
		level: 0.95,
		n: rows - missing,
		missing,
		clusters: null,
		method: 'none',
	};
}

/** Rows in which any of the aggregate's columns is missing. */
function missingRows(group: Group): number {
	const gappy = [...group.columns.values()].filter(hasGaps);
	if (gappy.length === 0) return 0;
	const missing = (at: number): boolean => gappy.some((column) => column.get(at) instanceof Missing);
	let count = 0;
	if (group.resample) for (const at of group.resample) count += missing(at) ? 1 : 0;
	else for (let at = 0; at < group.rows.length; at++) count += missing(at) ? 1 : 0;
	return count;
}

const hasGaps = (column: Column): boolean =>
	!((column instanceof NumberColumn || column instanceof BoolColumn) && column.missing.size === 0);
