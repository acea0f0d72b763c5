import { type Picture, READERS } from './picture.ts';

/** A pixel is another one when one of its channels differs by more than this part of its range. */
const CHANNEL = 0.06;
/** The part of pixels that may be others. */
export const PIXELS = 0.02;

export const isPicture = (type: string): boolean => type.startsWith('image/') && type !== 'image/svg+xml';

/**
 * How two pictures in base64 differ, as a sentence; null when they are the same, PNG and JPEG within the tolerance, other
 * kinds byte by byte.
 */
export function pictureDifference(type: string, packed: string, now: string): string | null {
	if (packed === now) return null;
	const read = READERS[type];
	if (!read) return `the pictures differ (of ${type} every byte is compared)`;
	let pictures: Picture[];
	try {
		pictures = [packed, now].map((text) => read(Buffer.from(text, 'base64')));
	} catch (error) {
		return `the pictures differ, and one cannot be read: ${(error as Error).message}`;
	}
	const [a, b] = pictures as [Picture, Picture];
	if (a.width !== b.width || a.height !== b.height)
		return `a picture of ${a.width}×${a.height} was packed, one of ${b.width}×${b.height} came now`;
	const part = partOfPixels(a, b);
	return part <= PIXELS ? null : `${(100 * part).toFixed(1)}% of the pixels differ (${100 * PIXELS}% may)`;
}

function partOfPixels(a: Picture, b: Picture): number {
	const pixels = a.width * a.height;
	let others = 0;
	for (let pixel = 0; pixel < pixels; pixel++) {
		const [one, other] = [a.color(pixel), b.color(pixel)];
		if (one.some((channel, i) => Math.abs(channel - (other[i] ?? 0)) > CHANNEL)) others++;
	}
	return others / pixels;
}
