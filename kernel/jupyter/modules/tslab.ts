/** What `import … from 'tslab'` gives to a TypeScript cell, so that notebooks written for tslab run. */
export { type Display, display, newDisplay } from './display.ts';
