import { currentOutput } from '../current-output.ts';

/**
 * Asks the person at the front end and returns what they typed; with `password`, what they type is not shown and not
 * kept. Rejects with a `UserError` where the front end takes no input, as when a notebook is run from the command line.
 */
export function input(
	prompt = '',
	{ password = false }: { readonly password?: boolean } = {},
): Promise<string> {
	return currentOutput().input(prompt, { password });
}
