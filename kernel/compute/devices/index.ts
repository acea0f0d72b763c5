import { cpu } from './cpu.ts';
import type { Device, DeviceName } from './device.ts';
import { onnx } from './onnx.ts';
import { cuda, native } from './tensorflow.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

/** How each device is found and opened, in the order of preference. */
export const DEVICES: ReadonlyMap<DeviceName, Device> = new Map(
	[cuda, native, webgpu, onnx, wasm, cpu].map((device) => [device.name, device]),
);
