import type { CellError } from '../contracts.ts';

/** Errors that are the session's own, in the form of a cell's error. */
export const cellError = (ename: string, evalue: string): CellError => ({
	status: 'error',
	ename,
	evalue,
	traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`],
});

export const interrupted = (): CellError => cellError('Interrupted', 'the cell was interrupted');

/** A fault of the kernel's: whatever was thrown where nothing should be. */
export function fault(thrown: unknown): CellError {
	const { message, stack } = thrown instanceof Error ? thrown : { message: String(thrown), stack: undefined };
	const told = cellError('KernelFault', `${message} (a fault of Assay itself; the kernel goes on)`);
	return stack ? { ...told, traceback: [...told.traceback, stack] } : told;
}
