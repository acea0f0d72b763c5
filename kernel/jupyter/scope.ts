import { AsyncLocalStorage } from 'node:async_hooks';
import type { CellOutput } from './contracts.ts';

/** Follows a cell through its promises and timers: what runs there shows its output in that cell. */
export const cellScope = new AsyncLocalStorage<CellOutput>();
