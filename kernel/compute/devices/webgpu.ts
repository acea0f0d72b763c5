import type { KernelBackend } from '@tensorflow/tfjs';
import { completeKernels } from '../composed/register.ts';
import { ComputeError } from '../compute-error.ts';
import { gibibytes, OutOfMemoryError } from '../out-of-memory.ts';
import { requireHere, type Tfjs } from '../tfjs.ts';
import type { Availability, Device } from './device.ts';
import { kernelAtWork, nameKernels } from './kernel-at-work.ts';
import { type GpuAdapter, type GpuDevice, requestGpuAdapter } from './webgpu-adapter.ts';
import { mendWebgpu } from './webgpu-mended.ts';

/** Any GPU that Dawn finds: Vulkan, Metal or Direct3D. */
export const webgpu: Device = {
	name: 'webgpu',
	probe,
	open: async (tf) => {
		if (!tf.findBackendFactory('webgpu')) await register(tf);
		return 'webgpu';
	},
};

async function probe(): Promise<Availability> {
	const found = await requestGpuAdapter();
	if (typeof found === 'string')
		return {
			usable: false,
			says: found,
			help: 'Install the driver of the GPU (on Linux its Vulkan driver).',
		};
	const { info } = found;
	const says = [info.vendor, info.device, info.description].filter(Boolean).join(' ') || 'a GPU';
	// A GPU simulated by the processor is for testing only.
	const simulated = /swiftshader|llvmpipe|software|basic render/i.test(`${says} ${info.architecture}`);
	return { usable: true, automatic: !simulated, says: simulated ? `${says}, simulated` : says };
}

async function register(tf: Tfjs): Promise<void> {
	const adapter = await requestGpuAdapter();
	if (typeof adapter === 'string') throw new ComputeError(`webgpu cannot be used: ${adapter}`);
	const device = await openDevice(adapter);
	const { WebGPUBackend } = requireHere('@tensorflow/tfjs-backend-webgpu') as {
		WebGPUBackend: new (device: GpuDevice, info: object) => KernelBackend;
	};
	// The package registers itself where it sees a GPU, with fewer limits and no ear for errors.
	tf.removeBackend('webgpu');
	completeKernels(tf, 'webgpu');
	mendWebgpu(tf);
	nameKernels(tf, 'webgpu');
	refuseTooMuch(device);
	tf.registerBackend('webgpu', () => listening(new WebGPUBackend(device, adapter.info), device), 5);
}

/** With all that the adapter can do: the defaults allow a quarter of a GiB a tensor. */
function openDevice(adapter: GpuAdapter): Promise<GpuDevice> {
	const limits = Object.fromEntries(
		LIMITS.flatMap((name) => (adapter.limits[name] === undefined ? [] : [[name, adapter.limits[name]]])),
	);
	const features = FEATURES.filter((feature) => adapter.features.has(feature));
	return adapter.requestDevice({ requiredLimits: limits, requiredFeatures: features });
}

const LIMITS = [
	'maxBufferSize',
	'maxStorageBufferBindingSize',
	'maxComputeWorkgroupStorageSize',
	'maxComputeInvocationsPerWorkgroup',
	'maxComputeWorkgroupSizeX',
	'maxComputeWorkgroupSizeY',
	'maxComputeWorkgroupsPerDimension',
	'maxStorageBuffersPerShaderStage',
] as const;

const FEATURES = ['timestamp-query', 'shader-f16', 'subgroups'] as const;

/** The device says that a buffer is too large when nobody knows any more what it was for. */
function refuseTooMuch(device: GpuDevice): void {
	const create = device.createBuffer.bind(device);
	const most = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
	device.createBuffer = (descriptor) => {
		if (descriptor.size <= most) return create(descriptor);
		const there = `a tensor on this GPU has ${gibibytes(most)} at most`;
		throw new OutOfMemoryError(descriptor.size, kernelAtWork(), undefined, there);
	};
}

/** Errors of the device come on their own; the next read throws them, instead of returning zeros. */
function listening(backend: KernelBackend, device: GpuDevice): KernelBackend {
	let failed: string | null = null;
	device.addEventListener('uncapturederror', (event) => {
		event.preventDefault?.();
		failed ??= event.error.message;
	});
	void device.lost.then(({ message }) => {
		failed ??= `the device was lost: ${message}`;
	});
	const read = backend.read.bind(backend);
	backend.read = async (dataId) => {
		const outcome = await read(dataId).catch((error: unknown) => new ReadFailure(error));
		const message = failed;
		failed = null;
		if (message !== null) throw deviceError(message);
		if (outcome instanceof ReadFailure) throw deviceError(String(outcome.error));
		return outcome;
	};
	return backend;
}

class ReadFailure {
	readonly error: unknown;

	constructor(error: unknown) {
		this.error = error;
	}
}

const deviceError = (message: string): ComputeError =>
	new ComputeError(
		`webgpu: ${message.split('\n')[0]}`,
		/memory|buffer size/i.test(message) ? 'Use a smaller batch or network, or device "onnx".' : null,
	);
