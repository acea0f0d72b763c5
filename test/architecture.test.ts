import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'ava';

const root = resolve(import.meta.dirname, '..');

/** Who may import whom, most specific room first. Types of another room count as imports too. */
const ROOMS: readonly { readonly room: string; readonly may: readonly string[] }[] = [
	{ room: 'dsl/', may: ['dsl/'] },
	{ room: 'stdlib/', may: ['stdlib/', 'dsl/types/', 'kernel/compute/'] },
	{ room: 'kernel/compute/', may: ['kernel/compute/'] },
	{ room: 'kernel/engine/', may: ['kernel/engine/', 'dsl/plan/', 'stdlib/'] },
	{ room: 'kernel/study/', may: ['kernel/study/', 'kernel/engine/', 'dsl/', 'stdlib/'] },
	{ room: 'kernel/display/', may: ['kernel/display/', 'kernel/engine/', 'dsl/', 'stdlib/'] },
	{
		room: 'kernel/notebook/',
		may: [
			'kernel/notebook/',
			'kernel/jupyter/',
			'kernel/study/',
			'kernel/display/',
			'kernel/engine/',
			'dsl/',
			'stdlib/',
		],
	},
	{ room: 'kernel/jupyter/', may: ['kernel/', 'dsl/', 'stdlib/'] },
	{ room: 'kernel/', may: ['kernel/', 'dsl/', 'stdlib/'] },
];

/** What only presents results: the engine and everything below it must not know it. */
const FACES = ['kernel/display/', 'kernel/jupyter/', 'kernel/notebook/', 'kernel/cli'];

function sources(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
	const text = readFileSync(join(root, file), 'utf8');
	const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] as string);
	return found.map((path) => relative(root, resolve(root, dirname(file), path)));
}

const files = ['dsl', 'stdlib', 'kernel'].flatMap(sources);

test('imports go only where the table of rooms allows', (t) => {
	t.true(files.length > 100, 'the sources were found');
	const wrong: string[] = [];
	for (const file of files) {
		const rule = ROOMS.find(({ room }) => file.startsWith(room));
		for (const target of importsOf(file)) {
			if (!rule?.may.some((room) => target.startsWith(room))) wrong.push(`${file} → ${target}`);
		}
	}
	t.deepEqual(wrong, []);
});

test('the engine, the library and the language know nothing of how results are shown', (t) => {
	const inner = files.filter((file) => !FACES.some((face) => file.startsWith(face)));
	const wrong = inner.flatMap((file) =>
		importsOf(file)
			.filter((target) => FACES.some((face) => target.startsWith(face)))
			.map((target) => `${file} → ${target}`),
	);
	t.deepEqual(wrong, []);
});

test('only the command runs notebook files; the kernel behind them does not know them', (t) => {
	const wrong = files
		.filter((file) => !['kernel/cli/', 'kernel/notebook/'].some((room) => file.startsWith(room)))
		.flatMap((file) =>
			importsOf(file)
				.filter((target) => target.startsWith('kernel/notebook/'))
				.map((target) => `${file} → ${target}`),
		);
	t.deepEqual(wrong, []);
});

test('the language has no I/O, no clock and no model', (t) => {
	const wrong = files
		.filter((file) => file.startsWith('dsl/'))
		.filter((file) =>
			/from 'node:(?!crypto)|Date\.now|new Date|Math\.random|performance\.now|fetch\(|process\./.test(
				readFileSync(join(root, file), 'utf8'),
			),
		);
	t.deepEqual(wrong, []);
});
