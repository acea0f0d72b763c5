import type { Declaration } from '../ast.ts';

/**
 * Names of declarations, those that a declaration mentions before it: checking them in this order needs no deep stack,
 * however long the chains are. Names that are hidden by parameters or columns are taken for mentions, which is harmless.
 */
export function dependencyOrder(declared: ReadonlyMap<string, Declaration>): string[] {
	const order: string[] = [];
	const seen = new Set<string>();
	for (const start of declared.keys()) {
		if (seen.has(start)) continue;
		seen.add(start);
		const stack = [{ name: start, mentions: mentionsOf(start, declared) }];
		for (let top = stack.at(-1); top; top = stack.at(-1)) {
			const next = top.mentions.next();
			if (next.done) {
				order.push(top.name);
				stack.pop();
			} else if (!seen.has(next.value)) {
				seen.add(next.value);
				stack.push({ name: next.value, mentions: mentionsOf(next.value, declared) });
			}
		}
	}
	return order;
}

function* mentionsOf(name: string, declared: ReadonlyMap<string, Declaration>): Generator<string> {
	const names: string[] = [];
	collectNames(declared.get(name), names);
	for (const mentioned of names) if (declared.has(mentioned)) yield mentioned;
}

/** A tree is plain data: every `name` expression in it, wherever. Spans, which are the most of it, hold none. */
function collectNames(node: unknown, names: string[]): void {
	if (typeof node !== 'object' || node === null) return;
	if (Array.isArray(node)) {
		for (const item of node) collectNames(item, names);
		return;
	}
	const record = node as Readonly<Record<string, unknown>>;
	if (record.kind === 'name' && typeof record.name === 'string') names.push(record.name);
	for (const key in record) if (key !== 'span' && key !== 'operatorSpan') collectNames(record[key], names);
}
