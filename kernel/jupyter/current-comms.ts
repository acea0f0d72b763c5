import { UserError } from '../../stdlib/define.ts';
import type { Comms } from './contracts.ts';

let current: Comms | null = null;

/** The comms of this process's kernel, from now on. */
export function provideComms(comms: Comms): void {
	current = comms;
}

/** @throws UserError outside a notebook */
export function currentComms(): Comms {
	if (!current) throw new UserError('there is no notebook here to open a channel to', 'run it in a cell');
	return current;
}
