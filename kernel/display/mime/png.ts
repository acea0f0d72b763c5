import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A PNG of 8-bit pixels, row-major, `channels` 1 (grey), 3 (RGB) or 4 (RGBA). PNG specification, sections 5 and 11. */
export function encodePng(width: number, height: number, channels: 1 | 3 | 4, pixels: Uint8Array): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header[8] = 8;
	header[9] = { 1: 0, 3: 2, 4: 6 }[channels];
	const stride = width * channels;
	// Each line begins with its filter; 0 is none.
	const lines = Buffer.alloc((stride + 1) * height);
	for (let y = 0; y < height; y++)
		lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(lines)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function chunk(type: string, data: Buffer): Buffer {
	const out = Buffer.alloc(data.length + 12);
	out.writeUInt32BE(data.length, 0);
	out.write(type, 4, 'latin1');
	data.copy(out, 8);
	out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
	return out;
}
