/** Chains such as `a + b + …` and `x |> f |> …` make trees as deep as they are long; later stages walk them recursively. */
export const MAX_TREE_DEPTH = 300;

/** Whether a tree of plain data has more levels of objects than that; arrays are none. Walks without recursion. */
export function isTooDeep(root: unknown): boolean {
	let level = nodesIn(root);
	for (let depth = 0; depth <= MAX_TREE_DEPTH; depth++) {
		level = level.flatMap((node) => Object.values(node).flatMap(nodesIn));
		if (level.length === 0) return false;
	}
	return true;
}

function nodesIn(value: unknown): object[] {
	if (Array.isArray(value)) return value.flatMap(nodesIn);
	return typeof value === 'object' && value !== null ? [value] : [];
}
