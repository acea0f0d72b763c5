import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Agent, EnvHttpProxyAgent, request } from 'undici';
import { UserError } from '../define.ts';
import { usesProxy } from './environment.ts';

export interface DownloadOptions {
	readonly bytes: number;
	readonly onBytes?: (done: number) => void;
	readonly signal?: AbortSignal;
}

/** Redirects that a file's home may take to its store. */
const MOST_REDIRECTS = 5;

/**
 * Fetches a file into `target`. What an earlier attempt left there is continued by an HTTP range; a server that ignores
 * the range sends the file from its beginning.
 */
export async function download(
	url: string,
	target: string,
	{ bytes, onBytes, signal }: DownloadOptions,
): Promise<void> {
	const have = existsSync(target) ? statSync(target).size : 0;
	if (have === bytes) return;
	// More than the whole file was never a beginning of it.
	if (have > bytes) rmSync(target);
	const from = have > bytes ? 0 : have;
	const answer = await open(url, from, signal);
	const appends = answer.statusCode === 206;
	let done = appends ? from : 0;
	onBytes?.(done);
	const counter = new Transform({
		transform(chunk: Buffer, _encoding, next) {
			done += chunk.length;
			onBytes?.(done);
			next(
				done > bytes
					? new UserError(`${new URL(url).host} sends more than the ${bytes} bytes of the file`)
					: null,
				chunk,
			);
		},
	});
	await pipeline(answer.body, counter, createWriteStream(target, { flags: appends ? 'a' : 'w' }), { signal });
	if (done < bytes)
		throw new UserError(
			`the connection to ${new URL(url).host} ended after ${done} of ${bytes} bytes`,
			'run it again: it goes on from there',
		);
}

async function open(url: string, from: number, signal: AbortSignal | undefined): ReturnType<typeof request> {
	let at = new URL(url);
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		const connect = { timeout: 10_000 };
		const answer = await request(at, {
			dispatcher: usesProxy(at) ? new EnvHttpProxyAgent({ connect }) : new Agent({ connect }),
			headers: from > 0 ? { range: `bytes=${from}-` } : {},
			headersTimeout: 20_000,
			bodyTimeout: 60_000,
			signal,
		});
		const { statusCode, headers } = answer;
		if (statusCode === 200 || statusCode === 206) return answer;
		await answer.body.dump();
		const location = headers.location;
		if (statusCode < 300 || statusCode >= 400 || typeof location !== 'string')
			throw new UserError(`${at.host} answered ${statusCode} for ${at.pathname}`);
		at = new URL(location, at);
	}
	throw new UserError(`${url} redirects in a circle`);
}
