export { type Display, display, newDisplay } from './display.d.ts';
