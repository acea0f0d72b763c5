import { shortNumber } from '../../../stdlib/statistics/digits.ts';
import type { TensorValue } from '../../../stdlib/values/tensor.ts';
import { html, trustedHtml } from '../html.ts';
import type { MimeBundle } from './bundle.ts';
import { encodePng } from './png.ts';

/** A TensorFlow.js tensor, known by its shape so that TensorFlow.js need not be loaded. */
export interface TfTensor {
	readonly shape: readonly number[];
	readonly dtype: string;
	readonly isDisposed: boolean;
	readonly dataId: object;
	dataSync(): ArrayLike<number>;
}

export function isTfTensor(value: object): value is TfTensor {
	const tensor = value as Partial<TfTensor>;
	return (
		typeof tensor.dataSync === 'function' &&
		Array.isArray(tensor.shape) &&
		typeof tensor.dtype === 'string' &&
		typeof tensor.isDisposed === 'boolean'
	);
}

const MOST_NUMBERS = 6;
const MOST_IMAGES = 64;
/** Images smaller than this are shown larger, pixel by pixel. */
const SHOWN_PIXELS = 96;
const IMAGE_STYLE = trustedHtml('image-rendering:pixelated;vertical-align:top;margin:1px');

/** Shape, type and a glimpse of the numbers; what looks like images, [h, w, c] or [n, h, w, c], as pictures too. */
export function tensorBundle(tensor: TensorValue | TfTensor): MimeBundle {
	if ('isDisposed' in tensor && tensor.isDisposed)
		return { 'text/plain': `tensor [${tensor.shape.join(', ')}], disposed` };
	const dtype = 'dtype' in tensor ? tensor.dtype : 'float32';
	const data = 'dataSync' in tensor ? tensor.dataSync() : tensor.data;
	const text = `tensor [${tensor.shape.join(', ')}] ${dtype}  ${glimpse(data)}`;
	const images = imagesOf(tensor.shape, data);
	if (images.length === 0) return { 'text/plain': text };
	return {
		'text/plain': text,
		'text/html':
			html`<div class="assay-images">${images.map((image) => imageHtml(image))}<p><small>${text}</small></p></div>`
				.text,
		...(images.length === 1 ? { 'image/png': (images[0] as Picture).png.toString('base64') } : {}),
	};
}

function glimpse(data: ArrayLike<number>): string {
	const first = Array.from({ length: Math.min(data.length, MOST_NUMBERS) }, (_, i) =>
		shortNumber(data[i] as number, 3),
	);
	return `[${first.join(', ')}${data.length > first.length ? ', …' : ''}]`;
}

interface Picture {
	readonly width: number;
	readonly height: number;
	readonly png: Buffer;
}

function imageHtml({ width, height, png }: Picture) {
	const scale = Math.max(1, Math.floor(SHOWN_PIXELS / Math.max(width, height)));
	return html`<img style="${IMAGE_STYLE}" width="${width * scale}" height="${height * scale}" alt="image, ${width} by ${height} pixels" src="data:image/png;base64,${png.toString('base64')}">`;
}

function imagesOf(shape: readonly number[], data: ArrayLike<number>): Picture[] {
	const [count, height, width, channels] =
		shape.length === 3 ? [1, ...shape] : shape.length === 4 ? shape : [0, 0, 0, 0];
	const colours = channels === 1 || channels === 3 || channels === 4 ? channels : null;
	if (!colours || !count || !height || !width || height < 4 || width < 4 || height > 2048 || width > 2048)
		return [];
	const size = height * width * colours;
	const scale = scaleOf(data);
	return Array.from({ length: Math.min(count, MOST_IMAGES) }, (_, i) => {
		const pixels = Uint8Array.from({ length: size }, (_, at) => scale(data[i * size + at] as number));
		return { width, height, png: encodePng(width, height, colours, pixels) };
	});
}

/** From 0…1, −1…1 or 0…255, whichever holds the values, to bytes. */
function scaleOf(data: ArrayLike<number>): (value: number) => number {
	let [low, high] = [0, 0];
	for (let i = 0; i < data.length; i++) {
		const value = data[i] as number;
		if (value < low) low = value;
		if (value > high) high = value;
	}
	const [from, span] = high > 1.5 ? [0, 255] : low < -0.01 ? [-1, 2] : [0, 1];
	return (value) => Math.round(Math.min(1, Math.max(0, (value - from) / span)) * 255);
}
