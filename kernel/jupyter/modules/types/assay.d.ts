/**
 * What the checker knows of the module `assay` in cells. The module itself would bring the sources of the library with
 * it, and each of them is looked at whenever a cell imports something new. A test compares the two.
 */
export { type Comm, type CommMessage, type Comms, comms } from './comms.d.ts';
export { type Display, display, newDisplay } from './display.d.ts';

/** Takes away what the cell has shown so far; with `wait`, only when it shows something new. */
export declare function clearOutput(options?: { readonly wait?: boolean }): void;

/**
 * Asks the person at the front end and returns what they typed; with `password`, what they type is not shown and not
 * kept. Rejects with a `UserError` where the front end takes no input, as when a notebook is run from the command line.
 */
export declare function input(prompt?: string, options?: { readonly password?: boolean }): Promise<string>;
