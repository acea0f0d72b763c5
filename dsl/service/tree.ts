import type { Span } from '../span.ts';

/** Any node of a program's tree: all have a span, most a kind. */
export interface TreeNode {
	readonly span: Span;
	readonly kind?: string;
}

/** The nodes around an offset, outermost first. Where two touch, the later one is meant: `f(x)|` is after the call. */
export function pathAt(root: TreeNode, offset: number): TreeNode[] {
	const path: TreeNode[] = [];
	let node: TreeNode | undefined = root;
	while (node) {
		path.push(node);
		node = childrenOf(node).findLast((child) => child.span.start <= offset && offset <= child.span.end);
	}
	return path;
}

/** The nodes from the root to the first one that a name is written in, or null. */
export function pathTo(root: TreeNode, isIt: (node: TreeNode) => boolean): TreeNode[] | null {
	if (isIt(root)) return [root];
	for (const child of childrenOf(root)) {
		const path = pathTo(child, isIt);
		if (path) return [root, ...path];
	}
	return null;
}

/** A tree is plain data, so what has a span is a child. */
export function childrenOf(node: object): TreeNode[] {
	const children: TreeNode[] = [];
	for (const value of Object.values(node)) {
		for (const item of Array.isArray(value) ? value : [value]) {
			if (typeof item !== 'object' || item === null) continue;
			if (isNode(item)) children.push(item);
			else children.push(...childrenOf(item));
		}
	}
	return children;
}

const isNode = (value: object): value is TreeNode => 'span' in value && typeof value.span === 'object';
