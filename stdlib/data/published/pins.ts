import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileDigest } from '../files/digest.ts';

/**
 * What a published file must be, byte for byte: `sha256:…` of its content, or `git:…`, the name of its blob in the
 * repository's pinned commit, for the larger files.
 */
export type Pin = `sha256:${string}` | `git:${string}`;

let table: Readonly<Record<string, Pin>> | null = null;

/** Every published file that Assay knows, by its place in a data folder: `bbq/data/Age.jsonl`. */
export function pins(): Readonly<Record<string, Pin>> {
	table ??= JSON.parse(readFileSync(new URL('./pins.json', import.meta.url), 'utf8')) as Record<string, Pin>;
	return table;
}

const HOMES: readonly { readonly folder: string; readonly url: string }[] = [
	{
		folder: 'bbq/',
		url: 'https://raw.githubusercontent.com/nyu-mll/BBQ/bea11bd97d79217245b5871acd247b9d6eb24598/',
	},
	{
		folder: 'model-written-evals/',
		url: 'https://raw.githubusercontent.com/anthropics/evals/84fcc677e52e1902d696c32cd1a6b663e70d3993/',
	},
	{
		folder: 'winogender/',
		url: 'https://raw.githubusercontent.com/rudinger/winogender-schemas/1c7f8b481ad8a234b41e9f76a424d6e856e13f7f/data/',
	},
];

/** Where the file is published, or null. */
export function publicUrl(file: string): string | null {
	const home = HOMES.find(({ folder }) => file.startsWith(folder));
	return home && pins()[file] ? home.url + file.slice(home.folder.length) : null;
}

export function fileMatches(path: string, pin: Pin): boolean {
	return pin === (pin.startsWith('sha256:') ? `sha256:${fileDigest(path)}` : gitBlob(readFileSync(path)));
}

export function bytesMatch(bytes: Buffer, pin: Pin): boolean {
	return (
		pin ===
		(pin.startsWith('sha256:')
			? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
			: gitBlob(bytes))
	);
}

/** What stands for the pinned content in a step's key, the same before and after the file is fetched. */
export const pinDigest = (pin: Pin): string =>
	pin.startsWith('sha256:') ? pin.slice(7) : createHash('sha256').update(pin).digest('hex');

const gitBlob = (bytes: Buffer): Pin =>
	`git:${createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')}`;
