import type { Span } from '../span.ts';
import { calls } from './calls.ts';
import { declarations } from './declarations.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import type { Entry } from './entry.ts';
import { habits } from './habits.ts';
import { names } from './names.ts';
import { plans } from './plans.ts';
import { syntax } from './syntax.ts';
import { tokens } from './tokens.ts';
import { types } from './types.ts';

/** Every diagnostic of the language. A00: reading, A01: names, A02: types, A03: planning. */
export const catalogue = {
	...tokens,
	...syntax,
	...habits,
	...names,
	...calls,
	...declarations,
	...types,
	...plans,
};

export type Code = keyof typeof catalogue;
export type DataOf<C extends Code> = (typeof catalogue)[C] extends Entry<infer D> ? D : never;

/** A problem as the compiler found it: a code and its data, no prose. */
export interface Problem {
	readonly code: Code;
	readonly data: unknown;
	readonly span: Span;
	readonly also: readonly Span[];
	readonly fix: Fix | null;
}

export function problem<C extends Code>(
	code: C,
	data: DataOf<C>,
	span: Span,
	more: { readonly also?: readonly Span[]; readonly fix?: Fix | null } = {},
): Problem {
	return { code, data, span, also: more.also ?? [], fix: more.fix ?? null };
}

export function toDiagnostic(found: Problem): Diagnostic {
	const entry = catalogue[found.code] as Entry<unknown>;
	const labels = entry.also?.(found.data) ?? [];
	return {
		code: found.code,
		severity: entry.severity,
		message: entry.message(found.data),
		span: found.span,
		label: entry.label?.(found.data) ?? '',
		also: found.also.map((span, i) => ({ span, label: labels[i] ?? '' })),
		help: entry.help?.(found.data) ?? null,
		fix: found.fix,
	};
}
