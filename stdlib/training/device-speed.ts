import { type DeviceSpeed, measureDevice } from '../../kernel/compute/index.ts';
import { openDevice } from './open-device.ts';

const measured = new Map<string, Promise<DeviceSpeed>>();

/** How fast a device is here, measured once a process; it takes a second or so. @throws {UserError} when it cannot be used */
export async function deviceSpeed(asked: string | null): Promise<DeviceSpeed> {
	const { device } = await openDevice(asked);
	const known = measured.get(device) ?? measureDevice(device);
	measured.set(device, known);
	return known;
}
