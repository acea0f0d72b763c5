import { readFileSync } from 'node:fs';

const read = (): string => {
	const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
	return typeof manifest === 'object' && manifest !== null && 'version' in manifest
		? String(manifest.version)
		: '0';
};

/** Assay's own version, from the package. */
export const version: string = read();
