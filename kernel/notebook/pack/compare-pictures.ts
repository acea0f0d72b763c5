import { type DecodedPng, decode } from 'fast-png';

/** A pixel is another one when one of its channels differs by more than this part of its range. */
const CHANNEL = 0.06;
/** The part of pixels that may be others. */
export const PIXELS = 0.02;

/** How two PNG pictures in base64 differ, as a sentence; null when they are the same within the tolerance. */
export function pictureDifference(packed: string, now: string): string | null {
	if (packed === now) return null;
	let pictures: DecodedPng[];
	try {
		pictures = [packed, now].map((text) => decode(Buffer.from(text, 'base64')));
	} catch (error) {
		return `the pictures differ, and one cannot be read: ${(error as Error).message}`;
	}
	const [a, b] = pictures as [DecodedPng, DecodedPng];
	if (a.width !== b.width || a.height !== b.height)
		return `a picture of ${a.width}×${a.height} was packed, one of ${b.width}×${b.height} came now`;
	const part = partOfPixels(a, b);
	return part <= PIXELS ? null : `${(100 * part).toFixed(1)}% of the pixels differ (${100 * PIXELS}% may)`;
}

function partOfPixels(a: DecodedPng, b: DecodedPng): number {
	const [colorA, colorB] = [colorsOf(a), colorsOf(b)];
	const pixels = a.width * a.height;
	let others = 0;
	for (let pixel = 0; pixel < pixels; pixel++) {
		const [one, other] = [colorA(pixel), colorB(pixel)];
		if (one.some((channel, i) => Math.abs(channel - (other[i] ?? 0)) > CHANNEL)) others++;
	}
	return others / pixels;
}

/** Red, green, blue and opacity of a pixel, each from 0 to 1, whatever the picture is made of. */
function colorsOf({ data, channels, depth, palette }: DecodedPng): (pixel: number) => number[] {
	const top = 2 ** depth - 1;
	return (pixel) => {
		const values = Array.from({ length: channels }, (_, i) => data[pixel * channels + i] ?? 0);
		if (palette) {
			const [red = 0, green = 0, blue = 0, alpha = 255] = palette[values[0] ?? 0] ?? [];
			return [red, green, blue, alpha].map((channel) => channel / 255);
		}
		const [first = 0, second = 0, third = 0, fourth = top] = values.map((value) => value);
		const rgba =
			channels < 3 ? [first, first, first, channels === 2 ? second : top] : [first, second, third, fourth];
		return rgba.map((channel) => channel / top);
	};
}
