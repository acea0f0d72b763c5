import type { Core } from '../../../dsl/plan/core.ts';
import { BoolColumn, type Column, NumberColumn, ValueColumn } from '../../../stdlib/values/column.ts';
import { isEstimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { columnOf } from '../columns/builders.ts';
import { compile } from './compile.ts';
import { Fault } from './fault.ts';
import type { Code, Frame, Group } from './frame.ts';
import { all, chain, type Maybe } from './maybe.ts';
import type { Environment, Scope } from './scope.ts';
import { remembered } from './sources.ts';

let numbered = 0;

/** `correct` in `mean(correct)`: the column over the group's rows, computed once a group. */
export function compileColumnArgument(core: Core & { op: 'columns' }, env: Environment, scope: Scope): Code {
	if (!scope.group) throw new Fault('a column can only be summarised inside a table', core.loc ?? null);
	const id = numbered++;
	const read = columnReader(core.body, env, scope);
	const { resampled } = scope;
	return {
		async: true,
		run: (frame) => {
			const { group } = frame;
			if (!group) throw new Error('internal: a column argument outside a group');
			const known = group.columns.get(id);
			if (known) return resample(known, group);
			return chain(read(frame, group), (column) => {
				const kept = resampled ? settled(column) : column;
				group.columns.set(id, kept);
				return resample(kept, group);
			});
		},
	};
}

const resample = (column: Column, group: Group): Column =>
	group.resample ? column.take(group.resample) : column;

function columnReader(
	body: Core,
	env: Environment,
	scope: Scope,
): (frame: Frame, group: Group) => Maybe<Column> {
	const whole = body.op === 'column' ? scope.group?.whole?.(body.name) : null;
	if (whole) return (_frame, group) => unwrapped(whole.take(group.rows));
	const code = compile(body, env, { ...scope, row: scope.group, group: null });
	return (frame, group) => chain(evaluateRows(code, frame, group), (values) => columnOf(values));
}

function evaluateRows(code: Code, frame: Frame, group: Group): Maybe<unknown[]> {
	const values = new Array<unknown>(group.rows.length);
	let inner = frame.inner([], 0);
	for (let i = 0; i < values.length; i++) {
		inner.row = group.rows[i] as number;
		const value = rowValue(code, inner);
		values[i] = value;
		// What waits keeps its frame.
		if (value instanceof Promise) inner = frame.inner([], 0);
	}
	return chain(all(values), (settled) => settled.map(bare));
}

/** One row that cannot be computed is a failed cell, not a failed table. */
export function rowValue(code: Code, frame: Frame): Maybe<unknown> {
	try {
		const value = code.run(frame);
		return value instanceof Promise ? value.catch((error: unknown) => frame.context.rowFault(error)) : value;
	} catch (error) {
		return frame.context.rowFault(error);
	}
}

/** Statistics are over numbers and values: of an estimate its value counts. */
const bare = (value: unknown): unknown => (isEstimate(value) ? value.value : value);

function unwrapped(column: Column): Column {
	if (column instanceof NumberColumn || column instanceof BoolColumn || column.length === 0) return column;
	const first = column.get(0);
	if (!isEstimate(first) && !(first instanceof Labelled)) return column;
	return columnOf(Array.from({ length: column.length }, (_, i) => bare(column.get(i))));
}

/** Rows and choices that are made anew at every look are made once, since resampling looks thousands of times. */
function settled(column: Column): Column {
	if (column instanceof NumberColumn || column instanceof BoolColumn || column instanceof ValueColumn)
		return column;
	const stable = remembered(column);
	return new ValueColumn(Array.from({ length: column.length }, (_, i) => stable.get(i)));
}
