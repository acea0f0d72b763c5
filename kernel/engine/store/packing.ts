import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Below this a text is smaller than what compressing it costs in time. */
const PACK_FROM_CHARS = 4096;

/** A text as it is kept: itself, or deflated bytes when it is long. */
export const packText = (text: string): string | Uint8Array =>
	text.length < PACK_FROM_CHARS ? text : deflateRawSync(text, { level: 1 });

export const unpackText = (kept: string | Uint8Array): string =>
	typeof kept === 'string' ? kept : inflateRawSync(kept).toString('utf8');

export const keyBytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

export const keyHex = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
