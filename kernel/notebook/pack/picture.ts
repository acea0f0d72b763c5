import { type DecodedPng, decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';

/** A picture whose pixels can be looked at. */
export interface Picture {
	readonly width: number;
	readonly height: number;
	/** Red, green, blue and opacity of a pixel in reading order, each from 0 to 1. */
	color(pixel: number): readonly number[];
}

/** Kinds of pictures that can be read: what their bytes become. Each throws an `Error` for what it cannot read. */
export const READERS: Readonly<Record<string, (bytes: Uint8Array) => Picture>> = {
	'image/png': (bytes) => ofPng(decodePng(bytes)),
	'image/jpeg': ofJpeg,
};

function ofJpeg(bytes: Uint8Array): Picture {
	const { width, height, data } = decodeJpeg(bytes, { useTArray: true, formatAsRGBA: true });
	return {
		width,
		height,
		color: (pixel) => Array.from(data.subarray(4 * pixel, 4 * pixel + 4), (channel) => channel / 255),
	};
}

/** Whatever the picture is made of: greys, colours or a palette, with opacity or without. */
function ofPng({ width, height, data, channels, depth, palette }: DecodedPng): Picture {
	const top = 2 ** depth - 1;
	const color = (pixel: number): number[] => {
		const values = Array.from({ length: channels }, (_, i) => data[pixel * channels + i] ?? 0);
		if (palette) {
			const [red = 0, green = 0, blue = 0, alpha = 255] = palette[values[0] ?? 0] ?? [];
			return [red, green, blue, alpha].map((channel) => channel / 255);
		}
		const [first = 0, second = 0, third = 0, fourth = top] = values;
		const rgba =
			channels < 3 ? [first, first, first, channels === 2 ? second : top] : [first, second, third, fourth];
		return rgba.map((channel) => channel / top);
	};
	return { width, height, color };
}
