import { existsSync } from 'node:fs';

/** The parts of WebGPU that opening a device takes; its types come with browsers only. */
export interface GpuAdapter {
	readonly info: {
		readonly vendor: string;
		readonly architecture: string;
		readonly device: string;
		readonly description: string;
	};
	readonly limits: Readonly<Record<string, number>>;
	readonly features: ReadonlySet<string>;
	requestDevice(descriptor: object): Promise<GpuDevice>;
}

export interface GpuDevice {
	readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
	createBuffer(descriptor: { readonly size: number }): object;
	readonly lost: Promise<{ readonly message: string }>;
	addEventListener(
		type: 'uncapturederror',
		listener: (event: { error: { message: string }; preventDefault?: () => void }) => void,
	): void;
	destroy(): void;
}

interface Gpu {
	requestAdapter(options: object): Promise<GpuAdapter | null>;
}

let gpu: Gpu | null = null;

/** The adapter, or why there is none. */
export async function requestGpuAdapter(): Promise<GpuAdapter | string> {
	// Looked for first, as Dawn complains on stderr, and takes a quarter of a second to find out.
	const missing = process.platform === 'linux' && missingOnLinux();
	if (missing) return missing;
	try {
		gpu ??= await startDawn();
		const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
		return adapter ?? 'no GPU with a driver was found';
	} catch (error) {
		return error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
	}
}

function missingOnLinux(): string | null {
	const found = LIBRARY_FOLDERS.some((folder) => existsSync(`${folder}/libvulkan.so.1`));
	if (!found) return 'the Vulkan loader, libvulkan1, is not installed';
	const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
	const gpu = named || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path));
	return gpu ? null : 'this machine shows no GPU';
}

const LIBRARY_FOLDERS = [
	...['x86_64', 'aarch64'].flatMap((machine) => [
		`/usr/lib/${machine}-linux-gnu`,
		`/lib/${machine}-linux-gnu`,
	]),
	...['/usr/lib64', '/usr/lib', '/usr/local/lib'],
];

/** TensorFlow.js's backend looks for WebGPU where browsers have it. */
async function startDawn(): Promise<Gpu> {
	const { create, globals } = (await import('webgpu')) as unknown as {
		create: (options: string[]) => Gpu;
		globals: object;
	};
	const started = create([]);
	Object.assign(globalThis, globals);
	Object.defineProperty(globalThis.navigator, 'gpu', { value: started, configurable: true });
	return started;
}
