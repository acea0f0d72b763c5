import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request; times are on `performance.now`'s clock. */
export interface Served {
	readonly arrivedAt: number;
	/** When the last byte of the answer was handed to the system, or null while it was not. */
	writtenAt: number | null;
}

export interface CountingServer {
	/** For `base_url` or OPENAI_BASE_URL. */
	readonly url: string;
	/** Requests by their body, byte for byte. */
	readonly served: ReadonlyMap<string, readonly Served[]>;
	readonly requests: number;
	/** Resolves at the next request. */
	nextRequest(): Promise<void>;
	close(): Promise<void>;
}

/**
 * Speaks the chat protocol with an answer that only depends on the request's body, and remembers which bodies it was paid
 * for. Latency varies from request to request between the two limits, in milliseconds.
 */
export async function startCountingServer(
	latencyMs: readonly [least: number, most: number],
): Promise<CountingServer> {
	const served = new Map<string, Served[]>();
	let requests = 0;
	let waiting: (() => void)[] = [];
	const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
		const chunks: Buffer[] = [];
		message.on('data', (chunk: Buffer) => chunks.push(chunk));
		message.on('end', () => {
			requests++;
			const body = Buffer.concat(chunks).toString();
			const entry: Served = { arrivedAt: performance.now(), writtenAt: null };
			const entries = served.get(body);
			if (entries) entries.push(entry);
			else served.set(body, [entry]);
			for (const wake of waiting) wake();
			waiting = [];
			const digest = createHash('sha256').update(body).digest();
			const wait = latencyMs[0] + ((digest[4] as number) / 255) * (latencyMs[1] - latencyMs[0]);
			setTimeout(() => answer(response, digest, entry), wait);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		served,
		get requests() {
			return requests;
		},
		nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
		close: () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}

/** What a request's body is answered with; no two bodies of a study have the same answer. */
export const answerTo = (body: string) => answerOf(createHash('sha256').update(body).digest());

function answerOf(digest: Buffer) {
	const weights = ['A', 'B', 'C', 'D'].map((token, i) => [token, 1 + (digest[i] as number)] as const);
	const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
	const top_logprobs = weights
		.map(([token, weight]) => ({ token, logprob: Math.log(weight / total) }))
		.sort((a, b) => b.logprob - a.logprob);
	const content = `${top_logprobs[0]?.token ?? 'A'} ${digest.toString('hex', 8, 16)}`;
	return { content, top_logprobs };
}

function answer(response: ServerResponse, digest: Buffer, entry: Served): void {
	response.on('finish', () => {
		entry.writtenAt = performance.now();
	});
	const { content, top_logprobs } = answerOf(digest);
	const body = JSON.stringify({
		choices: [
			{
				message: { role: 'assistant', content },
				finish_reason: 'stop',
				logprobs: { content: [{ ...top_logprobs[0], top_logprobs }] },
			},
		],
		usage: { prompt_tokens: 20, completion_tokens: 4 },
	});
	response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
	response.end(body);
}
