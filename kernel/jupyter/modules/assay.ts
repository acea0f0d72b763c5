/** What `import … from 'assay'` gives to a TypeScript cell. */

export type { Comm, CommMessage, Comms } from '../contracts.ts';
export { clearOutput } from './clear-output.ts';
export { comms } from './comms.ts';
export { type Display, display, newDisplay } from './display.ts';
export { input } from './input.ts';
