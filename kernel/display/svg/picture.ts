import type { ChartPicture } from '../chart-figure.ts';
import { type Html, html } from '../html.ts';
import type { Area } from './axes.ts';

export const PICTURE_LEFT = 16;
/** Room for the names over a picture. */
const LABELS = 20;
/** A pixel of the picture becomes at most this large. */
const LARGEST_SCALE = 3;
const ROOM = 720;

const scaleOf = ({ width }: ChartPicture): number => Math.min(LARGEST_SCALE, ROOM / Math.max(1, width));

export const pictureHeight = (picture: ChartPicture): number => LABELS + picture.height * scaleOf(picture);

/** A ready picture with the names of its columns over it. */
export function drawPicture(picture: ChartPicture, { left, top }: Area): Html {
	const scale = scaleOf(picture);
	const [width, height] = [picture.width * scale, picture.height * scale];
	const names = picture.labels.map(
		({ at, text }) =>
			html`<text x="${left + at * scale}" y="${top + 12}" text-anchor="middle">${text}</text>`,
	);
	return html`${names}<image x="${left}" y="${top + LABELS}" width="${width}" height="${height}" href="${picture.source}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`;
}
