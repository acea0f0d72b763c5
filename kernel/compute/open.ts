import { availableParallelism } from 'node:os';
import { ComputeError } from './compute-error.ts';
import {
	type Availability,
	DEVICE_NAMES,
	type Device,
	type DeviceName,
	isDeviceName,
} from './devices/device.ts';
import { DEVICES } from './devices/index.ts';
import { loadTfjs, type Tfjs } from './tfjs.ts';

export interface ComputeOptions {
	/** Which device to use; without it `ASSAY_DEVICE`, and without that the best one here. */
	readonly device?: string | undefined;
	/** Threads of a CPU device, all processors by default. Counts when the device is first opened. */
	readonly threads?: number | undefined;
}

/** TensorFlow.js on a device. There is one active device a process: opening another moves new tensors there. */
export interface Compute {
	readonly tf: Tfjs;
	readonly device: DeviceName;
	/** One line on what the device is. */
	readonly says: string;
}

/** @throws {ComputeError} when the named device does not exist or cannot be used here. */
export async function openCompute(options: ComputeOptions = {}): Promise<Compute> {
	const asked = options.device ?? process.env.ASSAY_DEVICE;
	const { device, says } = asked ? await named(asked) : await best();
	const tf = loadTfjs();
	const backend = await device.open(tf, { threads: options.threads ?? availableParallelism() });
	if (!(await tf.setBackend(backend)))
		throw new ComputeError(
			`the device ${device.name} could not be opened`,
			'assay doctor says what can be used.',
		);
	await tf.ready();
	return { tf, device: device.name, says };
}

type Found = { readonly device: Device; readonly says: string };

async function named(name: string): Promise<Found> {
	const device = isDeviceName(name) ? DEVICES.get(name) : undefined;
	if (!device)
		throw new ComputeError(
			`there is no device "${name}"`,
			`The devices are ${[...DEVICES.keys()].join(', ')}.`,
		);
	const availability = await device.probe();
	if (!availability.usable)
		throw new ComputeError(`the device ${name} cannot be used here: ${availability.says}`, availability.help);
	return { device, says: availability.says };
}

async function best(): Promise<Found> {
	for (const device of DEVICES.values()) {
		const availability = await device.probe();
		if (availability.usable && availability.automatic) return { device, says: availability.says };
	}
	throw new ComputeError('no device for tensors can be used here', 'assay doctor says why not.');
}

/** What each device says about itself on this machine, best first. */
export async function surveyDevices(): Promise<
	{ readonly name: DeviceName; readonly availability: Availability }[]
> {
	const devices = DEVICE_NAMES.flatMap((name) => DEVICES.get(name) ?? []);
	return Promise.all(
		devices.map(async (device) => ({ name: device.name, availability: await device.probe() })),
	);
}
