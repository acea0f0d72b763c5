import type { Comms } from '../contracts.ts';
import { currentComms } from '../current-comms.ts';

/** Channels between cells and widgets at the front end. */
export const comms: Comms = {
	open: (target, message) => currentComms().open(target, message),
	register: (target, opened) => currentComms().register(target, opened),
	unregister: (target) => currentComms().unregister(target),
};
