import { define, defineType, UserError } from '../define.ts';
import type { Random } from '../random.ts';

type ImageShape = readonly [height: number, width: number, channels: number];

/** A random change of an image, drawn anew each time it is used. */
export interface Augmentation {
	readonly kind: 'augmentation';
	/** Changes the image in place. */
	apply(image: Float32Array, shape: ImageShape, random: Random): void;
}

/** Moves the image by up to `pixels` in each direction; zeros come in. */
function shifted(pixels: number): Augmentation {
	if (!Number.isInteger(pixels) || pixels < 0)
		throw new UserError('random_shift takes a whole number of pixels');
	return {
		kind: 'augmentation',
		apply(image, [height, width, channels], random) {
			const down = random.below(2 * pixels + 1) - pixels;
			const right = random.below(2 * pixels + 1) - pixels;
			const from = image.slice();
			image.fill(0);
			for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
				for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
					const source = ((y - down) * width + (x - right)) * channels;
					image.set(from.subarray(source, source + channels), (y * width + x) * channels);
				}
			}
		},
	};
}

/** Mirrors every second image left to right. */
const flipped: Augmentation = {
	kind: 'augmentation',
	apply(image, [height, width, channels], random) {
		if (random.next() < 0.5) return;
		for (let y = 0; y < height; y++) {
			const line = image.slice(y * width * channels, (y + 1) * width * channels);
			for (let x = 0; x < width; x++) {
				const pixel = line.subarray((width - 1 - x) * channels, (width - x) * channels);
				image.set(pixel, (y * width + x) * channels);
			}
		}
	},
};

const noisy = (sd: number): Augmentation => ({
	kind: 'augmentation',
	apply(image, _shape, random) {
		for (let i = 0; i < image.length; i++) image[i] = (image[i] as number) + sd * random.normal();
	},
});

export const augmentationType = defineType({
	name: 'Augmentation',
	type: 'opaque',
	doc: 'A random change of training images: `random_shift(…)`, `random_flip()`, `random_noise(…)`.',
});

export const augmentationDefinitions = [
	define({
		name: 'random_shift',
		signature: 'random_shift(pixels: Number = 2) -> Augmentation',
		doc: 'Moves each training image by up to so many pixels, drawn for each direction; zeros come in at the edges.',
		version: 1,
		run: ({ pixels }: { readonly pixels: number }) => shifted(pixels),
	}),
	define({
		name: 'random_flip',
		signature: 'random_flip() -> Augmentation',
		doc: 'Mirrors each training image left to right with probability one half.',
		version: 1,
		run: () => flipped,
	}),
	define({
		name: 'random_noise',
		signature: 'random_noise(sd: Number = 0.1) -> Augmentation',
		doc: 'Adds normal noise of this standard deviation to each value of a training image.',
		version: 1,
		run: ({ sd }: { readonly sd: number }) => noisy(sd),
	}),
];
