import type { Device } from './device.ts';

/** Plain JavaScript: slow, complete, and what the others are checked against. */
export const cpu: Device = {
	name: 'cpu',
	probe: async () => ({ usable: true, automatic: true, says: 'plain JavaScript, for checking only' }),
	open: async () => 'cpu',
};
