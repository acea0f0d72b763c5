import type { Core } from '../../../dsl/plan/core.ts';
import { type Column, ViewColumn } from '../../../stdlib/values/column.ts';
import type { Data } from '../../../stdlib/values/data.ts';
import { fieldOf } from './access.ts';
import { rowValue } from './column-argument.ts';
import { compile } from './compile.ts';
import { Fault } from './fault.ts';
import type { Code, Frame } from './frame.ts';
import { chain } from './maybe.ts';
import type { ColumnScope, Environment, Scope } from './scope.ts';
import { fieldColumn, remembered } from './sources.ts';

/** An expression over the rows of a call's data. `label` names it on axes and in legends. */
export interface RowFunction {
	(row: number): unknown;
	label?: string;
}

export function compileRowFunction(
	{ body, label: text }: Core & { op: 'rowfn' },
	env: Environment,
	scope: Scope,
): (frame: Frame, data: Data | null) => RowFunction {
	const names: Name[] = [];
	const code = compile(body, env, { ...scope, row: dataColumns(names, scope.row) });
	const label = pathOf(body) ?? text;
	return (frame, data) => {
		const columns = names.map((name) => (data ? columnFor(data, name) : null));
		let inner = frame.inner(columns, 0);
		const read: RowFunction = (row) => {
			inner.row = row;
			const value = rowValue(code, inner);
			if (value instanceof Promise) inner = frame.inner(columns, 0);
			return value;
		};
		if (label !== undefined) read.label = label;
		return read;
	};
}

interface Name {
	readonly column: string;
	/** Read from the column's values, or null for the values themselves. */
	readonly field: string | null;
}

function columnFor(data: Data, { column, field }: Name): Column | null {
	const values = data.columns.get(column);
	if (!values) return null;
	if (field === null) return remembered(values);
	return (
		fieldColumn(values, field) ?? new ViewColumn(values.length, (row) => fieldOf(values.get(row), field))
	);
}

/** Columns of the data win over the row outside; which there are is known when the call runs. */
function dataColumns(names: Name[], outside: ColumnScope | null): ColumnScope {
	const read = (name: Name, outer: Code | null): Code => {
		const slot = names.push(name) - 1;
		return {
			async: outer?.async ?? false,
			run: (frame) => {
				const column = frame.columns[slot];
				if (column) return column.get(frame.row) ?? null;
				if (outer && frame.outer) return outer.run(frame.outer);
				throw new Fault(`the data has no column "${name.column}"`, null);
			},
		};
	};
	return {
		reader: (column) => read({ column, field: null }, outside?.reader(column) ?? null),
		fieldReader: (column, field) => {
			const outer =
				outside?.fieldReader?.(column, field) ?? fieldOfCode(outside?.reader(column) ?? null, field);
			return read({ column, field }, outer);
		},
	};
}

function fieldOfCode(code: Code | null, field: string): Code | null {
	return (
		code && { async: code.async, run: (frame) => chain(code.run(frame), (value) => fieldOf(value, field)) }
	);
}

/** `m.parameters` for a column or a field of one, else null. */
function pathOf(body: Core): string | null {
	if (body.op === 'column') return body.name;
	if (body.op === 'unlabel') return pathOf(body.of);
	if (body.op !== 'field') return null;
	const of = pathOf(body.of);
	return of === null ? null : `${of}.${body.name}`;
}
