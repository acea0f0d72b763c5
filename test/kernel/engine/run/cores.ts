import type { Core, CoreBinary, CoreClause } from '../../../../dsl/plan/core.ts';

/** Short ways to write expressions as the compiler would hand them over. */
export const lit = (value: string | number | boolean | null): Core => ({ op: 'lit', value });
export const column = (name: string): Core => ({ op: 'column', name });
export const input = (name: string): Core => ({ op: 'input', name });
export const local = (name: string): Core => ({ op: 'local', name });
export const list = (...items: Core[]): Core => ({ op: 'list', items });
export const record = (fields: Record<string, Core>): Core => ({
	op: 'record',
	fields: Object.entries(fields),
});
export const field = (of: Core, name: string): Core => ({ op: 'field', of, name });
export const index = (of: Core, at: Core, loc?: number): Core => ({ op: 'index', of, index: at, loc });
export const slice = (of: Core, from: number, to: number): Core => ({
	op: 'slice',
	of,
	from: lit(from),
	to: lit(to),
});
export const range = (from: number, to: number): Core => ({ op: 'range', from: lit(from), to: lit(to) });
export const text = (...parts: (string | Core)[]): Core => ({ op: 'text', parts });
export const binary = (fn: CoreBinary, left: Core, right: Core, loc?: number): Core => ({
	op: 'binary',
	fn,
	left,
	right,
	loc,
});
// biome-ignore-start lint/suspicious/noThenProperty: the plan's word for the branch; never awaited
export const when = (condition: Core, yes: Core, no: Core): Core => ({
	op: 'if',
	condition,
	then: yes,
	else: no,
});
// biome-ignore-end lint/suspicious/noThenProperty: end
export const lambda = (params: string[], body: Core): Core => ({ op: 'lambda', params, body });
export const apply = (fn: Core, ...args: Core[]): Core => ({ op: 'apply', fn, args });
export const call = (fn: string, args: Record<string, Core> = {}, loc?: number): Core => ({
	op: 'call',
	fn,
	args,
	loc,
});
export const used = (module: string, fn: string, ...args: Core[]): Core => ({ op: 'used', module, fn, args });
export const rowfn = (body: Core): Core => ({ op: 'rowfn', body });
export const columns = (body: Core): Core => ({ op: 'columns', body });
export const unlabel = (of: Core): Core => ({ op: 'unlabel', of });
export const uncertain = (of: Core, method: Core): Core => ({ op: 'uncertain', of, method });
export const prompt = (content: Core, ...subjects: Core[]): Core => ({
	op: 'prompt',
	messages: [{ role: 'user', text: content }],
	subjects,
});
export const forEach = (name: string, source: Core, labelled = false): CoreClause => ({
	kind: 'for',
	name,
	source,
	labelled,
});
export const where = (condition: Core): CoreClause => ({ kind: 'where', condition });
export const repeat = (name: string, count: Core): CoreClause => ({ kind: 'repeat', name, count });
export const comprehension = (body: Core, ...clauses: CoreClause[]): Core => ({
	op: 'comprehension',
	body,
	clauses,
});
