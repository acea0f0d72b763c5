/** What `import … from 'assay'` gives to a TypeScript cell. */
export { clearOutput } from './clear-output.ts';
export { type Display, display, newDisplay } from './display.ts';
export { input } from './input.ts';
