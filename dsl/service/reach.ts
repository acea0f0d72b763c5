import type { Binding, Scope } from '../check/scope.ts';
import type { Compiled } from '../compile.ts';
import { contains, type Span } from '../span.ts';

/** The names that an expression at some place can use. */
export interface Reach {
	readonly scope: Scope;
	/** A place in a table that needs one value a group. */
	readonly aggregate: boolean;
	/** The place is an argument that is read over rows. */
	readonly overColumns: boolean;
}

/** The innermost scope around an offset; the program's own where there is no other. */
export function reachAt(compiled: Compiled, offset: number): Reach {
	let best: (Reach & { readonly span: Span }) | null = null;
	const consider = (span: Span, reach: Reach): void => {
		if (contains(span, offset) && (!best || width(span) <= width(best.span))) best = { ...reach, span };
	};
	for (const { span, scope, aggregate } of compiled.info.scopes)
		consider(span, { scope, aggregate, overColumns: false });
	for (const call of compiled.info.calls) {
		for (const { span, scope } of call.columns)
			consider(span, { scope, aggregate: false, overColumns: true });
	}
	return best ?? { scope: compiled.scope, aggregate: false, overColumns: false };
}

const width = (span: Span): number => span.end - span.start;

/** Every name in reach at an offset, inner ones first and each once; what is defined further down in an eval is out of reach. */
export function namesAt(
	compiled: Compiled,
	reach: Reach,
	offset: number,
	defining: ReadonlySet<number>,
): Binding[] {
	const names = new Map<string, Binding>();
	for (let scope: Scope | null = reach.scope; scope; scope = scope.parent) {
		const program = scope === compiled.scope;
		for (const binding of scope.own()) {
			if (
				names.has(binding.name) ||
				isBelow(binding, offset) ||
				(binding.span && defining.has(binding.span.start))
			)
				continue;
			names.set(binding.name, program ? (compiled.scope.lookup(binding.name) ?? binding) : binding);
		}
	}
	return [...names.values()];
}

const isBelow = (binding: Binding, offset: number): boolean =>
	binding.kind !== 'declaration' &&
	binding.kind !== 'column' &&
	binding.span !== null &&
	binding.span.start >= offset;
