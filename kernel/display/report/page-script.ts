import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The page's modules, each after those that it imports. */
const MODULES = [
	'dom',
	'cells',
	'rows-model',
	'row-details',
	'row-browser',
	'sortable',
	'tips',
	'figures',
	'main',
];

const read = (name: string): string => readFileSync(new URL(`client/${name}`, import.meta.url), 'utf8');

export const pageStyle = (): string => read('page.css');

/** All modules as one script: their names are unique, so imports and exports fall away. */
export function pageScript(): string {
	const bodies = MODULES.map((name) =>
		read(`${name}.mjs`)
			.replace(/^import\s[^;]*;\n/gm, '')
			.replace(/^export /gm, ''),
	);
	return embeddable(`(() => {\n'use strict';\n${bodies.join('\n')}\n})();`);
}

/** Plotly's script, 4 MB: the page keeps it as text and evaluates it when the first figure comes into view. */
export function plotlyScript(): string {
	const path = createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js');
	return embeddable(readFileSync(path, 'utf8'));
}

/** Script text that nothing in a page takes for the end of its element; the same program. */
export const embeddable = (script: string): string =>
	script
		.replaceAll('\r\n', '\n')
		.replace(/<\/(script)/gi, '<\\/$1')
		.replaceAll('<!--', '<\\!--');

/** A content security policy's source for exactly this script. */
const hashSource = (script: string): string =>
	`'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** Scripts only by their hash; pictures only from within the page. */
export function contentPolicy(pageScripts: readonly (string | null)[]): string {
	const scripts = pageScripts.filter((each) => each !== null).map(hashSource);
	return [
		"default-src 'none'",
		`script-src ${scripts.join(' ')}`,
		// Plotly writes style attributes.
		"style-src 'unsafe-inline'",
		'img-src data: blob:',
		"base-uri 'none'",
		"form-action 'none'",
	].join('; ');
}
