import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the server does with one request. */
export type Behaviour =
	| {
			readonly do: 'answer';
			readonly text?: string | ((request: RecordedRequest) => string);
			/** Likeliest next tokens and their probabilities, for requests with `logprobs`. */
			readonly top?:
				| Readonly<Record<string, number>>
				| ((request: RecordedRequest) => Readonly<Record<string, number>>);
			/** OpenAI's words; `refusal` is written as each protocol writes it. */
			readonly finish?: 'stop' | 'length' | 'content_filter' | 'refusal';
			readonly usage?: { readonly input: number; readonly output: number };
	  }
	/** Waits, then does `next` (answers, when left out). */
	| { readonly do: 'delay'; readonly ms: number; readonly next?: Behaviour }
	| {
			readonly do: 'status';
			readonly status: number;
			readonly headers?: Readonly<Record<string, string>>;
			readonly message?: string;
	  }
	/** Headers and half of the body, then the connection is destroyed. */
	| { readonly do: 'cut' }
	/** Headers and half of the body, then nothing until the server closes. */
	| { readonly do: 'stall' }
	/** Takes the request and never answers. */
	| { readonly do: 'hang' }
	| { readonly do: 'malformed' }
	/** No choice in `choices`, no block in `content`. */
	| { readonly do: 'empty' }
	| { readonly do: 'html' }
	/** Valid JSON of about that many bytes, in pieces, without a content-length. */
	| { readonly do: 'huge'; readonly bytes: number }
	/** That very body, as JSON. */
	| { readonly do: 'raw'; readonly body: string; readonly contentType?: string };

export interface RecordedRequest {
	/** From 0, in the order of arrival. */
	readonly index: number;
	readonly path: string;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of both protocols
	readonly body: any;
	readonly at: number;
}

export interface FaultServer {
	/** For `base_url` or OPENAI_BASE_URL; Anthropic's is `origin`. */
	readonly openaiUrl: string;
	readonly origin: string;
	/** In the order of arrival; empty when `record` is false. */
	readonly requests: readonly RecordedRequest[];
	/** Requests that arrived and those that were answered completely. */
	readonly arrived: number;
	readonly answered: number;
	readonly inFlight: number;
	readonly maxInFlight: number;
	/** Connections opened so far. */
	readonly connections: number;
	close(): Promise<void>;
}

export interface FaultServerOptions {
	/** One behaviour a request, in order; then `otherwise`. A function decides for each request. */
	readonly script?: readonly Behaviour[] | ((request: RecordedRequest) => Behaviour);
	readonly otherwise?: Behaviour;
	/** Every request waits this long before its behaviour. */
	readonly latencyMs?: number;
	/** Off for long runs, where only the counts matter; behaviours then get no body. */
	readonly record?: boolean;
}

const ANSWER: Behaviour = { do: 'answer' };

/** A server on this machine that speaks the OpenAI and the Anthropic protocol and misbehaves as scripted. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
	const { script = [], otherwise = ANSWER, latencyMs = 0, record = true } = options;
	const requests: RecordedRequest[] = [];
	const sockets = new Set<Socket>();
	const counts = { arrived: 0, answered: 0, inFlight: 0, maxInFlight: 0, connections: 0 };

	const server: Server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
		const index = counts.arrived++;
		counts.inFlight++;
		counts.maxInFlight = Math.max(counts.maxInFlight, counts.inFlight);
		response.on('close', () => {
			counts.inFlight--;
			if (response.writableFinished) counts.answered++;
		});
		void readBody(message, record).then((body) => {
			const request = {
				index,
				path: message.url ?? '',
				headers: message.headers,
				body,
				at: performance.now(),
			};
			if (record) requests.push(request);
			const behaviour = typeof script === 'function' ? script(request) : (script[index] ?? otherwise);
			perform(latencyMs > 0 ? { do: 'delay', ms: latencyMs, next: behaviour } : behaviour, request, response);
		});
	});
	server.on('connection', (socket) => {
		counts.connections++;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		origin,
		openaiUrl: `${origin}/v1`,
		requests,
		get arrived() {
			return counts.arrived;
		},
		get answered() {
			return counts.answered;
		},
		get inFlight() {
			return counts.inFlight;
		},
		get maxInFlight() {
			return counts.maxInFlight;
		},
		get connections() {
			return counts.connections;
		},
		close: () =>
			new Promise((resolve) => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}

async function readBody(message: IncomingMessage, parse: boolean): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) if (parse) chunks.push(chunk as Buffer);
	if (chunks.length === 0) return null;
	return JSON.parse(Buffer.concat(chunks).toString());
}

function perform(behaviour: Behaviour, request: RecordedRequest, response: ServerResponse): void {
	switch (behaviour.do) {
		case 'delay':
			setTimeout(() => perform(behaviour.next ?? ANSWER, request, response), behaviour.ms);
			return;
		case 'answer':
			answer(behaviour, request, response);
			return;
		case 'status':
			send(
				response,
				behaviour.status,
				JSON.stringify({ error: { message: behaviour.message ?? `scripted ${behaviour.status}` } }),
				behaviour.headers,
			);
			return;
		case 'cut':
			response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
			response.write('{"choices": [{"message": {"content": "half an');
			setTimeout(() => response.socket?.destroy(), 20);
			return;
		case 'stall':
			response.writeHead(200, {
				'content-type': request.body?.stream ? 'text/event-stream' : 'application/json',
			});
			response.write(
				request.body?.stream
					? 'data: {"choices":[{"delta":{"content":"half"}}]}\n\n'
					: '{"choices": [{"message": ',
			);
			return;
		case 'hang':
			return;
		case 'malformed':
			send(response, 200, '{"choices": [{"message": {"content": oops');
			return;
		case 'empty':
			send(
				response,
				200,
				JSON.stringify(isAnthropic(request) ? anthropicBody(request, '', 'stop', null, []) : { choices: [] }),
			);
			return;
		case 'html':
			send(response, 200, '<html><body><h1>Sign in to the network</h1></body></html>', {
				'content-type': 'text/html; charset=utf-8',
			});
			return;
		case 'huge':
			sendHuge(response, behaviour.bytes);
			return;
		case 'raw':
			send(response, 200, behaviour.body, {
				'content-type': behaviour.contentType ?? 'application/json',
			});
			return;
	}
}

function send(
	response: ServerResponse,
	status: number,
	body: string,
	headers: Readonly<Record<string, string>> = {},
): void {
	response.writeHead(status, {
		'content-type': 'application/json',
		'content-length': String(Buffer.byteLength(body)),
		...headers,
	});
	response.end(body);
}

function sendHuge(response: ServerResponse, bytes: number): void {
	response.writeHead(200, { 'content-type': 'application/json' });
	response.write('{"choices": [{"message": {"content": "');
	const piece = 'a'.repeat(64 * 1024);
	let left = bytes;
	const more = (): void => {
		while (left > 0 && !response.destroyed) {
			left -= piece.length;
			if (!response.write(piece)) {
				response.once('drain', more);
				return;
			}
		}
		response.end('"}, "finish_reason": "stop"}]}');
	};
	more();
}

const isAnthropic = (request: RecordedRequest): boolean => request.path.endsWith('/messages');

type Answer = Extract<Behaviour, { do: 'answer' }>;

function answer(behaviour: Answer, request: RecordedRequest, response: ServerResponse): void {
	const text = typeof behaviour.text === 'function' ? behaviour.text(request) : (behaviour.text ?? 'fine');
	const finish = behaviour.finish ?? 'stop';
	if (isAnthropic(request)) {
		const content = [{ type: 'text', text }];
		send(
			response,
			200,
			JSON.stringify(anthropicBody(request, text, finish, behaviour.usage ?? null, content)),
		);
		return;
	}
	if (request.body?.stream) streamOpenAi(response, text, finish);
	else send(response, 200, JSON.stringify(openAiBody(behaviour, request, text, finish)));
}

function anthropicBody(
	request: RecordedRequest,
	text: string,
	finish: NonNullable<Answer['finish']>,
	usage: Answer['usage'] | null,
	content: readonly unknown[],
): unknown {
	const reasons = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal', refusal: 'refusal' };
	return {
		id: `msg_${request.index}`,
		type: 'message',
		role: 'assistant',
		model: 'scripted',
		content,
		stop_reason: reasons[finish],
		usage: { input_tokens: usage?.input ?? 10, output_tokens: usage?.output ?? text.length },
	};
}

function openAiBody(
	behaviour: Answer,
	request: RecordedRequest,
	text: string,
	finish: NonNullable<Answer['finish']>,
): unknown {
	const refused = finish === 'refusal';
	const usage = {
		prompt_tokens: behaviour.usage?.input ?? 10,
		completion_tokens: behaviour.usage?.output ?? 1,
	};
	const finish_reason = refused ? 'stop' : finish;
	if (request.path.endsWith('/completions') && !request.path.endsWith('/chat/completions')) {
		return { choices: [{ text, finish_reason }], usage };
	}
	const top = typeof behaviour.top === 'function' ? behaviour.top(request) : behaviour.top;
	return {
		id: `chatcmpl-${request.index}`,
		object: 'chat.completion',
		choices: [
			{
				index: 0,
				message: { role: 'assistant', content: refused ? null : text, ...(refused ? { refusal: text } : {}) },
				finish_reason,
				...(top && request.body?.logprobs ? { logprobs: logprobsOf(top) } : {}),
			},
		],
		usage,
	};
}

function logprobsOf(top: Readonly<Record<string, number>>): unknown {
	const top_logprobs = Object.entries(top)
		.map(([token, p]) => ({ token, logprob: Math.log(p), bytes: [...Buffer.from(token)] }))
		.sort((a, b) => b.logprob - a.logprob);
	return { content: [{ ...top_logprobs[0], top_logprobs }] };
}

function streamOpenAi(response: ServerResponse, text: string, finish: string): void {
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	for (const letter of text)
		response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: letter } }] })}\n\n`);
	response.write(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: finish }] })}\n\n`);
	response.write(
		`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 10, completion_tokens: text.length } })}\n\n`,
	);
	response.end('data: [DONE]\n\n');
}
