import { cpu } from './cpu.ts';
import type { Device, DeviceName } from './device.ts';
import { onnx } from './onnx.ts';
import { wasm } from './wasm.ts';

/** How each device is found and opened, in the order of preference. */
export const DEVICES: ReadonlyMap<DeviceName, Device> = new Map(
	[onnx, wasm, cpu].map((device) => [device.name, device]),
);
