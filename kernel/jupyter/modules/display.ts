import { randomUUID } from 'node:crypto';
import type { MimeBundle } from '../contracts.ts';
import { currentOutput } from '../current-output.ts';
import type { Display } from './types/display.d.ts';

export type { Display };

type Show = (data: MimeBundle, metadata: Readonly<Record<string, unknown>>) => void;

/** Each call shows something more. */
export const display: Display = displayThrough((data, metadata) => {
	currentOutput().display({ data, metadata });
});

/** A place in the output: the first call shows it, later ones replace what it shows, also from other cells. */
export function newDisplay(): Display {
	const displayId = randomUUID();
	let isShown = false;
	return displayThrough((data, metadata) => {
		currentOutput().display({ data, metadata }, { displayId, update: isShown });
		isShown = true;
	});
}

function displayThrough(show: Show): Display {
	const raw = (mimeType: string, content: string | Uint8Array | object): void => {
		show({ [mimeType]: content instanceof Uint8Array ? base64(content) : content }, {});
	};
	const as = (mimeType: string) => (content: string | Uint8Array) => raw(mimeType, content);
	return {
		html: as('text/html'),
		markdown: as('text/markdown'),
		text: as('text/plain'),
		javascript: as('application/javascript'),
		svg: as('image/svg+xml'),
		png: as('image/png'),
		jpeg: as('image/jpeg'),
		gif: as('image/gif'),
		webp: as('image/webp'),
		pdf: as('application/pdf'),
		raw,
		bundle: (data, metadata = {}) => show(data, metadata),
	};
}

const base64 = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
