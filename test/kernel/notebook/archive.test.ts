import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { strToU8, zipSync } from 'fflate';
import { isPlainName, LIMITS, packBytes, readPack, unpack } from '../../../kernel/notebook/pack/archive.ts';
import type { Manifest } from '../../../kernel/notebook/pack/manifest.ts';
import { studyFolder } from '../../helpers/assay.ts';

const MANIFEST: Omit<Manifest, 'files'> = {
	format: 'assay-pack/1',
	notebook: 'a.ipynb',
	params: {},
	cassette: null,
	models: [],
	data: {},
	versions: { assay: '0.1.0', node: '24.0.0', packages: {} },
};
const NOTEBOOK = ['files/a.ipynb', strToU8('{}')] as const;

const good = (): Uint8Array => packBytes(MANIFEST, new Map([NOTEBOOK]));

function fileWith(
	t: ExecutionContext,
	bytes: Uint8Array,
): { readonly path: string; readonly folder: string } {
	const folder = studyFolder({});
	t.teardown(folder.remove);
	const path = join(folder.path, 'x.assaypack');
	writeFileSync(path, bytes);
	return { path, folder: folder.path };
}

test('a pack is read as it was written, and unpacked into a folder but never over a file', (t) => {
	const { path, folder } = fileWith(t, good());
	const pack = readPack(path);
	t.deepEqual([...pack.contents.keys()], ['files/a.ipynb']);
	const target = join(folder, 'out');
	unpack(pack, target);
	t.throws(() => unpack(pack, target), { code: 'EEXIST' });
});

test('no name leaves the folder, on any system', (t) => {
	for (const name of [
		'../x',
		'/etc/passwd',
		'files/../../x',
		'files/./x',
		'files//x',
		'files/',
		'files/a\\..\\..\\x',
		'files/C:x',
		'files/a\u0000.ts',
		'files/..',
		'files/dir./x',
		'other.txt',
		'assay-pack.json/x',
	])
		t.false(isPlainName(name), name);
	for (const name of [
		'files/a.ipynb',
		'files/.hidden/ä b.ts',
		'data/bbq/data/Age.jsonl',
		'calls.cassette.jsonl.gz',
	])
		t.true(isPlainName(name), name);
});

test('what is no pack, was changed, or would fill the disk is refused before anything is written', (t) => {
	const zipOf = (entries: Record<string, string>): Uint8Array =>
		zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)])));
	const head = (files: unknown): string => JSON.stringify({ ...MANIFEST, files });
	const cases: [bytes: Uint8Array, says: RegExp, limits?: Partial<typeof LIMITS>][] = [
		[strToU8('no zip'), /cannot be unpacked/],
		[good().slice(0, 200), /cannot be unpacked/],
		[zipOf({ 'files/a.ipynb': '{}' }), /has no assay-pack\.json/],
		[zipOf({ 'assay-pack.json': '{' }), /is not JSON/],
		[zipOf({ 'assay-pack.json': '{"format": "assay-pack/9"}' }), /has the format assay-pack\/9/],
		[zipOf({ 'assay-pack.json': '{"format": "assay-pack/1"}' }), /is wrong at notebook/],
		[zipOf({ 'assay-pack.json': head([]) }), /its notebook is missing/],
		[zipOf({ 'assay-pack.json': head([]), 'files/a.ipynb': '{}' }), /not in its list/],
		[
			zipOf({
				'assay-pack.json': head([{ path: 'files/a.ipynb', bytes: 2, sha256: '0'.repeat(64) }]),
				'files/a.ipynb': '{}',
			}),
			/files\/a\.ipynb is not what the pack says it is/,
		],
		[zipOf({ '../../evil.sh': 'x', 'assay-pack.json': head([]) }), /a name that is not allowed/],
		[good(), /more than 1 files/, { entries: 1 }],
		[good(), /larger than/, { fileBytes: 100 }],
		[zipOf({ 'files/zeros': '0'.repeat(1e6) }), /unpacks to more than 0\.5 MB/, { unpackedBytes: 5e5 }],
	];
	for (const [bytes, says, limits] of cases) {
		const { path } = fileWith(t, bytes);
		t.throws(() => readPack(path, { ...LIMITS, ...limits }), { name: 'UserError', message: says });
	}
	t.throws(() => readPack('gone.assaypack'), { message: /there is no pack gone/ });
});

test('an archive that says less than it holds takes no more than it says', (t) => {
	const bytes = Buffer.from(zipSync({ 'files/zeros': new Uint8Array(1e6) }));
	// The size of the content in the central directory, 24 bytes after its signature.
	bytes.writeUInt32LE(10, bytes.indexOf('PK\u0001\u0002') + 24);
	const { path } = fileWith(t, bytes);
	t.throws(() => readPack(path), { message: /no pack that can be used/ });
});
