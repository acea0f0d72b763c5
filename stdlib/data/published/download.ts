import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../define.ts';
import { bytesMatch, type Pin } from './pins.ts';

export interface DownloadOptions {
	readonly signal?: AbortSignal;
	/** Longest wait for a connection, for headers, and between two pieces of the body. */
	readonly timeoutMs?: number;
	/** Bytes so far, and in all where the server says. */
	readonly onProgress?: (received: number, total: number | null) => void;
}

const TIMEOUT_MS = 30_000;
/** The largest published file has 20 MB; more than this is not what was asked for. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Fetches a file whose content is known beforehand. It appears under `path` whole and verified, or not at all.
 * Throws a `UserError` when it cannot be had or is not what it should be.
 */
export async function download(
	url: string,
	path: string,
	pin: Pin,
	options: DownloadOptions = {},
): Promise<void> {
	const bytes = await fetchBytes(url, options);
	if (!bytesMatch(bytes, pin)) {
		throw new UserError(
			`what came from ${url} is not the published file (expected ${pin}); it was not kept`,
			'something between here and there changed it: fetch it another way',
		);
	}
	const half = `${path}.${randomUUID()}.part`;
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(half, bytes);
		await rename(half, path);
	} catch (error) {
		await rm(half, { force: true });
		throw new UserError(
			`${path} could not be written: ${(error as Error).message}`,
			'free some space, or set XDG_CACHE_HOME to a folder that can be written',
			error,
		);
	}
}

async function fetchBytes(
	url: string,
	{ signal, timeoutMs = TIMEOUT_MS, onProgress }: DownloadOptions,
): Promise<Buffer> {
	const { Agent, EnvHttpProxyAgent, fetch } = await import('undici');
	const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connectTimeout: timeoutMs };
	const proxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(
		(name) => process.env[name],
	);
	const dispatcher = proxied ? new EnvHttpProxyAgent(limits) : new Agent(limits);
	try {
		const response = await fetch(url, { dispatcher, signal: signal ?? null });
		if (response.status !== 200 || !response.body) throw new Error(`the server answered ${response.status}`);
		const length = Number(response.headers.get('content-length'));
		// With compression the length on the wire says nothing about the file's.
		const total = length > 0 && !response.headers.get('content-encoding') ? length : null;
		return await collect(response.body, total, onProgress);
	} catch (error) {
		signal?.throwIfAborted();
		throw new UserError(`${url} could not be fetched: ${reasonOf(error)}`, null, error);
	} finally {
		await dispatcher.destroy();
	}
}

async function collect(
	body: AsyncIterable<unknown>,
	total: number | null,
	onProgress: DownloadOptions['onProgress'],
): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	let received = 0;
	for await (const piece of body as AsyncIterable<Uint8Array>) {
		received += piece.length;
		if (received > MAX_BYTES) throw new Error('it is far larger than the published file');
		pieces.push(piece);
		onProgress?.(received, total);
	}
	return Buffer.concat(pieces);
}

/** undici says `fetch failed` and puts the reason into the cause. */
function reasonOf(error: unknown): string {
	const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
	return cause?.code ?? cause?.message ?? message;
}
