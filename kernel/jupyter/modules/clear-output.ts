import { currentOutput } from '../current-output.ts';

/** Takes away what the cell has shown so far; with `wait`, only when it shows something new. */
export function clearOutput({ wait = false }: { readonly wait?: boolean } = {}): void {
	currentOutput().clear(wait);
}
