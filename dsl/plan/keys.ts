import { createHash } from 'node:crypto';

/** What a key is made of, apart from the operation itself. */
export interface KeyParts {
	/** Local name → key of the node it stands for. */
	readonly inputs: Readonly<Record<string, string>>;
	/** Local names that are fields of an eval: in the operation they are columns, like those of any row. */
	readonly fields: ReadonlySet<string>;
	readonly versions: Readonly<Record<string, string>>;
	readonly fingerprints: Readonly<Record<string, string>>;
}

/**
 * `sha256(operation, versions, fingerprints, keys of the inputs)`. Names of inputs are replaced by their keys, positions
 * are left out and properties are sorted: renaming a declaration, moving text or reordering named arguments keeps the key.
 */
export function keyOf(operation: unknown, parts: KeyParts): string {
	const text = canonical(
		[operation, parts.versions, Object.values(parts.fingerprints), Object.values(parts.inputs).sort()],
		parts,
	);
	return createHash('sha256').update(text).digest('hex');
}

/** The operation alone: to tell a changed definition from a changed input. */
export const bodyHash = (operation: unknown): string =>
	createHash('sha256')
		.update(canonical(operation, { inputs: {}, fields: new Set() }))
		.digest('hex');

function canonical(value: unknown, parts: Pick<KeyParts, 'inputs' | 'fields'>): string {
	if (Array.isArray(value)) return `[${value.map((item) => canonical(item, parts)).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
	const node = value as Record<string, unknown>;
	if (
		typeof node.name === 'string' &&
		(node.op === 'input' || (node.op === 'column' && parts.fields.has(node.name)))
	) {
		const key = Object.hasOwn(parts.inputs, node.name) ? parts.inputs[node.name] : undefined;
		if (key) return `{"input":"${key}"}`;
	}
	const names = Object.keys(node)
		.filter(
			(name) => name !== 'loc' && !(name === 'label' && node.op === 'rowfn') && node[name] !== undefined,
		)
		.sort();
	return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(node[name], parts)}`).join(',')}}`;
}
