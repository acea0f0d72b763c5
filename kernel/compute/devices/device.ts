import type { Tfjs } from '../tfjs.ts';

/** Where tensors can live, best first. */
export const DEVICE_NAMES = ['cuda', 'native', 'webgpu', 'onnx', 'wasm', 'cpu'] as const;
export type DeviceName = (typeof DEVICE_NAMES)[number];

/** Whether a device can be used here; `automatic: false` when only on request (a software GPU, say). */
export type Availability =
	| { readonly usable: true; readonly automatic: boolean; readonly says: string }
	| { readonly usable: false; readonly says: string; readonly help: string };

export interface DeviceOptions {
	readonly threads: number;
}

export interface Device {
	readonly name: DeviceName;
	/** Looks without loading more than it must. */
	probe(): Promise<Availability>;
	/** Registers the backend and returns the name under which TensorFlow.js knows it. */
	open(tf: Tfjs, options: DeviceOptions): Promise<string>;
}

export const isDeviceName = (name: string): name is DeviceName =>
	(DEVICE_NAMES as readonly string[]).includes(name);
