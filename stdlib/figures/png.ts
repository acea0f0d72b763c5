import { crc32, deflateSync } from 'node:zlib';

/** Pixels row by row, three bytes each: red, green, blue. */
export interface Raster {
	readonly width: number;
	readonly height: number;
	readonly rgb: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUE_COLOUR = 2;

/** The picture as a PNG file (8 bits a channel, no transparency). */
export function encodePng({ width, height, rgb }: Raster): Uint8Array {
	const header = new DataView(new ArrayBuffer(13));
	header.setUint32(0, width);
	header.setUint32(4, height);
	header.setUint8(8, 8);
	header.setUint8(9, TRUE_COLOUR);
	// Every line begins with the number of its filter: none.
	const lines = new Uint8Array(height * (1 + 3 * width));
	for (let y = 0; y < height; y++)
		lines.set(rgb.subarray(y * 3 * width, (y + 1) * 3 * width), y * (1 + 3 * width) + 1);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', new Uint8Array(header.buffer)),
		chunk('IDAT', deflateSync(lines)),
		chunk('IEND', new Uint8Array()),
	]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const bytes = Buffer.alloc(4 + body.length + 4);
	bytes.writeUInt32BE(content.length, 0);
	bytes.set(body, 4);
	bytes.writeUInt32BE(crc32(body), 4 + body.length);
	return bytes;
}

export const dataUri = (raster: Raster): string =>
	`data:image/png;base64,${Buffer.from(encodePng(raster)).toString('base64')}`;
