import type { Tensor4D } from '@tensorflow/tfjs';
import type { DeviceName } from './devices/device.ts';
import { openCompute } from './open.ts';

/** How fast a device is, in billions of floating-point operations a second. */
export interface DeviceSpeed {
	/** Two square matrices of 1,024 by 1,024. */
	readonly productGflops: number;
	/** 3 by 3, 64 to 64 channels, on 16 images of 32 by 32. */
	readonly convolutionGflops: number;
}

/** Medians over a few runs; a second or so, on slow devices less work. */
export async function measureDevice(device: DeviceName): Promise<DeviceSpeed> {
	const { tf } = await openCompute({ device });
	const small = device === 'cpu';
	const n = small ? 128 : 1024;
	const [images, side, channels] = small ? [1, 16, 16] : [16, 32, 64];
	const matrix = tf.ones([n, n]);
	const image = tf.ones([images, side, side, channels]);
	const filter = tf.ones([3, 3, channels, channels]);
	const product = await secondsOf(async () => {
		const made = tf.matMul(matrix, matrix);
		const read = tf.slice(made, [0, 0], [1, 1]);
		await read.data();
		tf.dispose([made, read]);
	});
	const convolution = await secondsOf(async () => {
		const made = tf.conv2d(image as Tensor4D, filter as Tensor4D, 1, 'same');
		const read = tf.slice(made, [0, 0, 0, 0], [1, 1, 1, 1]);
		await read.data();
		tf.dispose([made, read]);
	});
	tf.dispose([matrix, image, filter]);
	return {
		productGflops: (2 * n ** 3) / product / 1e9,
		convolutionGflops: (2 * 9 * channels * channels * images * side * side) / convolution / 1e9,
	};
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
	await work();
	const times: number[] = [];
	for (let i = 0; i < 5; i++) {
		const began = performance.now();
		await work();
		times.push((performance.now() - began) / 1000);
	}
	return times.sort((a, b) => a - b)[2] as number;
}
