import type { Core } from './core.ts';

/** The value of an expression that is known before anything runs, or undefined. Inputs are looked up among the plan's values. */
export function constantOf(core: Core, input: (name: string) => Core | null): unknown {
	switch (core.op) {
		case 'lit':
			return core.value;
		case 'list': {
			const items = core.items.map((item) => constantOf(item, input));
			return items.includes(undefined) ? undefined : items;
		}
		case 'record': {
			const fields = core.fields.map(([name, value]) => [name, constantOf(value, input)] as const);
			return fields.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(fields);
		}
		case 'text': {
			const parts = core.parts.map((part) => (typeof part === 'string' ? part : constantOf(part, input)));
			return parts.every((part) => typeof part === 'string' || typeof part === 'number')
				? parts.join('')
				: undefined;
		}
		case 'field': {
			const of = constantOf(core.of, input);
			return typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[core.name] : undefined;
		}
		case 'if': {
			const condition = constantOf(core.condition, input);
			return typeof condition === 'boolean'
				? constantOf(condition ? core.then : core.else, input)
				: undefined;
		}
		case 'binary': {
			const [left, right] = [constantOf(core.left, input), constantOf(core.right, input)];
			if (core.fn === 'concat' && typeof left === 'string' && typeof right === 'string') return left + right;
			if (core.fn === 'eq' && left !== undefined && right !== undefined) return left === right;
			return undefined;
		}
		case 'input': {
			const body = input(core.name);
			return body ? constantOf(body, input) : undefined;
		}
		default:
			return undefined;
	}
}
