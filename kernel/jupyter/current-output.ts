import { UserError } from '../../stdlib/define.ts';
import type { CellOutput } from './contracts.ts';
import { cellScope } from './scope.ts';

let otherwise: (() => CellOutput) | null = null;

/** Where code that no cell's scope reaches shows its output, such as a callback from a native library. */
export function outputOtherwise(output: () => CellOutput): void {
	otherwise = output;
}

/** The output of the cell whose code this is. Throws a `UserError` outside a notebook. */
export function currentOutput(): CellOutput {
	const output = cellScope.getStore() ?? otherwise?.();
	if (!output) throw new UserError('there is no notebook here to show this in', 'run it in a cell');
	return output;
}
