import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { download } from '../../../stdlib/data/published/download.ts';
import type { Pin } from '../../../stdlib/data/published/pins.ts';
import { pinDigest, pins, publicUrl } from '../../../stdlib/data/published/pins.ts';
import { publishedFile, publishedFingerprint } from '../../../stdlib/data/published/published.ts';
import { UserError } from '../../../stdlib/define.ts';
import { testContext } from '../../helpers/run-context.ts';

const CONTENT = 'published content\n';
const sha256Pin = (text: string): Pin => `sha256:${createHash('sha256').update(text).digest('hex')}`;

async function served(t: ExecutionContext, listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'assay-download-'));

test('a file whose content is the pinned one is kept, with its progress said', async (t) => {
	const url = await served(t, (_, response) =>
		response.setHeader('content-length', CONTENT.length).end(CONTENT),
	);
	const path = join(folder(), 'a/b/file.txt');
	const progress: (readonly [number, number | null])[] = [];
	await download(url, path, sha256Pin(CONTENT), {
		onProgress: (received, total) => progress.push([received, total]),
	});
	t.is(readFileSync(path, 'utf8'), CONTENT);
	t.deepEqual(progress.at(-1), [CONTENT.length, CONTENT.length]);
	t.deepEqual(readdirSync(dirname(path)), ['file.txt'], 'nothing half is left behind');
});

test('a pin can be the name of a git blob', async (t) => {
	const url = await served(t, (_, response) => response.end('hello\n'));
	const path = join(folder(), 'file.txt');
	// `printf 'hello\n' | git hash-object --stdin`
	await download(url, path, 'git:ce013625030ba8dba906f756967f9e9ca394464a');
	t.true(existsSync(path));
});

test('other content than the pinned is an error and is not kept', async (t) => {
	const url = await served(t, (_, response) => response.end('something else'));
	const path = join(folder(), 'file.txt');
	await t.throwsAsync(download(url, path, sha256Pin(CONTENT)), {
		instanceOf: UserError,
		message: /is not the published file .* it was not kept/,
	});
	t.false(existsSync(path));
});

test('a refusal, a cut and a stalled answer are errors that say so', async (t) => {
	const path = join(folder(), 'file.txt');
	const missing = await served(t, (_, response) => response.writeHead(404).end());
	await t.throwsAsync(download(missing, path, sha256Pin(CONTENT)), {
		instanceOf: UserError,
		message: /the server answered 404/,
	});
	const cut = await served(t, (_, response) => {
		response.writeHead(200, { 'content-length': 1000 }).write('half');
		setTimeout(() => response.destroy(), 20);
	});
	await t.throwsAsync(download(cut, path, sha256Pin(CONTENT)), {
		instanceOf: UserError,
		message: /could not be fetched/,
	});
	const stalled = await served(t, (_, response) => void response.writeHead(200).write('half'));
	await t.throwsAsync(download(stalled, path, sha256Pin(CONTENT), { timeoutMs: 100 }), {
		instanceOf: UserError,
		message: /could not be fetched: .*TIMEOUT/i,
	});
	t.false(existsSync(path));
});

test('a stopped run stops the download', async (t) => {
	const url = await served(t, (_, response) => void response.writeHead(200).write('half'));
	const stop = new AbortController();
	setTimeout(() => stop.abort(new Error('stopped')), 50);
	await t.throwsAsync(download(url, join(folder(), 'f'), sha256Pin(CONTENT), { signal: stop.signal }), {
		message: 'stopped',
	});
});

const AGE = 'bbq/data/Age.jsonl';

test('a published file is fetched once into the cache, and its fingerprint is the same before and after', async (t) => {
	const cache = folder();
	const folders = { own: null, cache };
	let fetched = 0;
	const fetchFile: typeof download = async (url, path, pin) => {
		fetched++;
		t.is(url, publicUrl(AGE) ?? '');
		t.is(pin, pins()[AGE] as Pin);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, CONTENT);
	};
	t.is(publishedFingerprint(AGE, folders).sha256, pinDigest(pins()[AGE] as Pin));
	const files = await Promise.all([1, 2].map(() => publishedFile(AGE, testContext(), folders, fetchFile)));
	t.is(fetched, 1, 'two that need it at once share one download');
	t.is(files[0]?.path, join(cache, AGE));
	await publishedFile(AGE, testContext(), folders, fetchFile);
	t.is(fetched, 1);
});

test("a file of the user's own comes first, and is said to differ when it does", async (t) => {
	const own = folder();
	mkdirSync(join(own, 'bbq/data'), { recursive: true });
	writeFileSync(join(own, AGE), CONTENT);
	const folders = { own, cache: folder() };
	const file = await publishedFile(AGE, testContext(), folders);
	t.deepEqual(file, { path: join(own, AGE), notice: `${AGE} here is not the published file` });
	t.is(publishedFingerprint(AGE, folders).sha256, sha256Pin(CONTENT).slice(7));
});

test('without the file and without a network the error says where to put it, and from where', async (t) => {
	const folders = { own: '/data', cache: '/cache' };
	const offline: typeof download = async (url) => {
		throw new UserError(`${url} could not be fetched: ENOTFOUND`);
	};
	const error = (await t.throwsAsync(publishedFile(AGE, testContext(), folders, offline), {
		instanceOf: UserError,
	})) as UserError;
	t.regex(error.message, /^the data file bbq\/data\/Age\.jsonl is not on this machine: .*ENOTFOUND$/);
	t.is(
		error.help,
		`put it at /data/${AGE} (published at ${publicUrl(AGE)}), or use source: "miniature", a small stand-in`,
	);
});

test('every pinned file has a public home, and every pin is a hash', (t) => {
	for (const [file, pin] of Object.entries(pins())) {
		t.regex(pin, /^(sha256:[0-9a-f]{64}|git:[0-9a-f]{40})$/, file);
		t.regex(
			publicUrl(file) ?? '',
			/^https:\/\/raw\.githubusercontent\.com\/[\w-]+\/[\w-]+\/[0-9a-f]{40}\/.+/,
			file,
		);
	}
	t.is(
		publicUrl('bbq/data/SES.jsonl'),
		'https://raw.githubusercontent.com/nyu-mll/BBQ/bea11bd97d79217245b5871acd247b9d6eb24598/data/SES.jsonl',
	);
	t.is(publicUrl('mmlu/test/anatomy.csv'), null);
});
