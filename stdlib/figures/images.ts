import { define, UserError } from '../define.ts';
import type { Figure } from '../values/figure.ts';
import { labelOf } from '../values/labelled.ts';
import { isTensorValue, type TensorValue } from '../values/tensor.ts';
import { figureText } from './figure-text.ts';
import { figureOf, LeftOut } from './layout.ts';
import { dataUri, type Raster } from './png.ts';
import { type Axis, axisOf, lengthOf, type Source } from './source.ts';

export interface ImagesOptions {
	/** What is shown. */
	readonly image: Axis;
	/** Images shown beside, in a first column. */
	readonly original?: Axis | null;
	/** A column of pictures for each of its values. */
	readonly columns?: Axis | null;
	/** Pictures in a column. */
	readonly rows?: number;
	/** Values that are black and white. */
	readonly low?: number;
	readonly high?: number;
	readonly title?: string | null;
}

interface GalleryColumn {
	readonly name: string;
	readonly pictures: TensorValue[];
}

/** Pixels between two pictures. */
const GAP = 2;

/** A gallery: the first rows of a data set as pictures, in columns by what they belong to. */
export function images(source: Source, options: ImagesOptions): Figure {
	const { rows = 8, low = 0, high = 1 } = options;
	if (!Number.isInteger(rows) || rows < 1) throw new UserError('rows of a gallery is a whole number above 0');
	if (!(high > low)) throw new UserError('high must be above low');
	const leftOut = new LeftOut(source);
	const columns = galleryColumns(source, options, rows, leftOut);
	const raster = mosaic(columns, rows, low, high);
	const about = axisOf(source, options.image).name || 'images';
	const [cellWidth] = cellSize(columns);
	return figureOf(
		{
			source,
			title: options.title,
			about,
			caption: [`${columns.reduce((sum, { pictures }) => sum + pictures.length, 0)} pictures`],
			notices: leftOut.notices(),
		},
		[{ type: 'image', source: dataUri(raster), hoverinfo: 'skip', dx: 1, dy: 1 }],
		{
			xaxis: {
				tickmode: 'array',
				tickvals: columns.map((_, i) => i * (cellWidth + GAP) + cellWidth / 2),
				ticktext: columns.map(({ name }) => figureText(name)),
				side: 'top',
				ticks: '',
				showgrid: false,
				zeroline: false,
				range: [-0.5, raster.width - 0.5],
			},
			yaxis: {
				showticklabels: false,
				ticks: '',
				showgrid: false,
				zeroline: false,
				range: [raster.height - 0.5, -0.5],
				scaleanchor: 'x',
			},
			height: Math.round(Math.min(1200, Math.max(320, 140 + 1.8 * raster.height))),
		},
	);
}

function galleryColumns(
	source: Source,
	{ image, original, columns }: ImagesOptions,
	rows: number,
	leftOut: LeftOut,
): GalleryColumn[] {
	const shown = axisOf(source, image);
	const of = columns ? axisOf(source, columns) : null;
	const beside = original ? axisOf(source, original) : null;
	const found = new Map<string, TensorValue[]>();
	const originals: TensorValue[] = [];
	for (let row = 0; row < lengthOf(source); row++) {
		const picture = shown.at(row);
		const name = of ? String(labelOf(of.at(row)) ?? '') : shown.name;
		const column = found.get(name) ?? [];
		found.set(name, column);
		if (column.length >= rows) continue;
		if (!isTensorValue(picture) || picture.shape.length !== 3) {
			leftOut.add(row, 'it has no picture');
			continue;
		}
		column.push(picture);
		const first = beside?.at(row);
		// The same rows stand in every column, so the first column's originals are all of them.
		if (name === found.keys().next().value && isTensorValue(first)) originals.push(first);
	}
	const all = [...found].map(([name, pictures]) => ({ name, pictures }));
	return beside ? [{ name: beside.name || 'original', pictures: originals }, ...all] : all;
}

function cellSize(columns: readonly GalleryColumn[]): [width: number, height: number] {
	const shapes = columns.flatMap(({ pictures }) => pictures.map(({ shape }) => shape));
	const most = (axis: number): number => Math.max(1, ...shapes.map((shape) => shape[axis] as number));
	return [most(1), most(0)];
}

/** One image as a picture of its own, its values from 0 (black) to 1 (white). */
export function pictureOf(image: TensorValue): Raster {
	const [height, width] = image.shape as readonly [number, number, number];
	const rgb = new Uint8Array(3 * width * height);
	paint(image, rgb, 0, width, (value) => 255 * value);
	return { width, height, rgb };
}

function mosaic(columns: readonly GalleryColumn[], rows: number, low: number, high: number): Raster {
	const [cellWidth, cellHeight] = cellSize(columns);
	const lines = Math.min(rows, Math.max(1, ...columns.map(({ pictures }) => pictures.length)));
	const width = columns.length * (cellWidth + GAP) - GAP;
	const height = lines * (cellHeight + GAP) - GAP;
	const rgb = new Uint8Array(3 * width * height).fill(255);
	columns.forEach(({ pictures }, column) => {
		pictures.forEach((picture, line) => {
			const corner = line * (cellHeight + GAP) * width + column * (cellWidth + GAP);
			paint(picture, rgb, corner, width, (value) => (255 * (value - low)) / (high - low));
		});
	});
	return { width, height, rgb };
}

/** One channel is grey; of more than three the first three are shown. */
function paint(
	{ shape, data }: TensorValue,
	rgb: Uint8Array,
	corner: number,
	width: number,
	level: (value: number) => number,
): void {
	const [h, w, channels] = shape as [number, number, number];
	for (let y = 0; y < h; y++) {
		for (let x = 0; x < w; x++) {
			for (let c = 0; c < 3; c++) {
				const channel = channels >= 3 ? c : 0;
				const value = level(data[(y * w + x) * channels + channel] as number);
				rgb[3 * (corner + y * width + x) + c] = Math.round(Math.min(255, Math.max(0, value)));
			}
		}
	}
}

const PARAMETERS =
	'image: R -> Image, original: (R -> Image)?, columns: (R -> Any)?, rows: Number = 8, low: Number = 0, high: Number = 1, title: Text?';

export const imagesDefinition = define<ImagesOptions & { readonly data: Source }, Figure>({
	name: 'images',
	signature: [`images(data: Data<R>, ${PARAMETERS}) -> Figure`],
	doc:
		'A gallery: the images of the first `rows` rows, one column of pictures for each value of `columns`. `original` puts other images ' +
		'of the same rows beside them, in a first column. Values from `low` (black) to `high` (white); of more than three channels the first ' +
		'three are shown as red, green and blue.',
	example: 'figure gallery = images(recon, image: y, original: x.image, columns: level, rows: 8)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => images(data, options),
});
