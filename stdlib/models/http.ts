import type { CallSignal } from './call-signal.ts';
import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { usesProxy } from './environment.ts';
import { connectionError, MOST_BYTES, stallError, statusError, tooLarge } from './http-errors.ts';

export interface HttpSettings {
	readonly baseUrl: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** At least the calls in flight: none waits for a connection. */
	readonly connections: number;
	/** Until the answer begins. */
	readonly timeoutSeconds: number;
	/** Between two pieces of an answer that has begun. */
	readonly stallSeconds: number;
	/** What to look at when the key is not accepted. */
	readonly keyHint: string;
	readonly redact: (text: string) => string;
}

export interface Reply {
	readonly status: number;
	readonly contentType: string;
	readonly retryAfterMs: number | null;
	readonly body: string;
}

/** JSON over HTTP to one server, straight on undici: kept-alive connections, one request each, no retries. */
export class HttpClient {
	private readonly dispatcher: Dispatcher;
	private readonly settings: HttpSettings;
	private readonly base: string;
	private readonly headers: Readonly<Record<string, string>>;
	private readonly stalls: StallWatch;

	constructor(settings: HttpSettings) {
		this.settings = settings;
		this.stalls = new StallWatch(settings.stallSeconds);
		const { baseUrl, connections } = settings;
		this.base = baseUrl.pathname.replace(/\/+$/, '');
		this.headers = { 'content-type': 'application/json', ...settings.headers };
		this.dispatcher = usesProxy(baseUrl)
			? new EnvHttpProxyAgent({ connections })
			: new Pool(baseUrl.origin, { connections, pipelining: 1, keepAliveTimeout: 30_000 });
	}

	/** Resolves with any answer below 300; `onChunk` gets the body as it comes instead of it being kept. */
	post(path: string, body: string, signal: CallSignal, onChunk?: (chunk: Buffer) => void): Promise<Reply> {
		const { settings } = this;
		return new Promise((resolve, reject) => {
			if (signal.aborted) {
				reject(signal.reason);
				return;
			}
			const exchange = new Exchange(settings, this.stalls, signal, resolve, reject, onChunk);
			const timeoutMs = settings.timeoutSeconds * 1000;
			this.dispatcher.dispatch(
				{
					origin: settings.baseUrl.origin,
					path: this.base + path,
					method: 'POST',
					headers: this.headers,
					body,
					headersTimeout: timeoutMs,
					// With another time than the header's, undici makes two timers anew for every request.
					bodyTimeout: Math.max(timeoutMs, settings.stallSeconds * 1000),
				},
				exchange,
			);
		});
	}

	async close(): Promise<void> {
		await this.dispatcher.destroy();
	}
}

/** How often in the time of a stall it is looked whether anything came. */
const LOOKS = 4;

/** Ends answers that have begun and of which nothing has come for a while: one timer for all of a client's. */
class StallWatch {
	private readonly everyMs: number;
	/** An array in no order, in which each knows its place: a `Set` would be made anew for every few of them. */
	private readonly begun: Exchange[] = [];
	private timer: NodeJS.Timeout | null = null;

	constructor(stallSeconds: number) {
		this.everyMs = (stallSeconds * 1000) / LOOKS;
	}

	add(exchange: Exchange): void {
		exchange.place = this.begun.push(exchange) - 1;
		this.timer ??= setInterval(() => this.look(), this.everyMs).unref();
	}

	delete(exchange: Exchange): void {
		if (exchange.place < 0) return;
		const last = this.begun.pop() as Exchange;
		if (last !== exchange) {
			this.begun[exchange.place] = last;
			last.place = exchange.place;
		}
		exchange.place = -1;
	}

	private look(): void {
		for (const exchange of this.begun.slice()) if (++exchange.quietLooks > LOOKS) exchange.stalled();
		if (this.begun.length > 0 || !this.timer) return;
		clearInterval(this.timer);
		this.timer = null;
	}
}

/**
 * One request and its answer, in undici's own form of a handler: the newer one, which undici marks as the one to use,
 * parses every header of every answer, and wraps this one.
 */
class Exchange implements Dispatcher.DispatchHandler {
	/** Among those that the watch over stalls looks at; negative when it does not. */
	place = -1;
	/** Its looks since the latest piece. */
	quietLooks = 0;
	private readonly settings: HttpSettings;
	private readonly stalls: StallWatch;
	private readonly signal: CallSignal;
	private readonly resolve: (reply: Reply) => void;
	private readonly reject: (error: unknown) => void;
	private readonly onChunk: ((chunk: Buffer) => void) | undefined;
	private giveUp: ((error?: Error) => void) | null = null;
	private status = 0;
	private contentType = '';
	private retryAfterMs: number | null = null;
	private first: Buffer | null = null;
	private more: Buffer[] | null = null;
	private bytes = 0;

	constructor(
		settings: HttpSettings,
		stalls: StallWatch,
		signal: CallSignal,
		resolve: (reply: Reply) => void,
		reject: (error: unknown) => void,
		onChunk: ((chunk: Buffer) => void) | undefined,
	) {
		this.settings = settings;
		this.stalls = stalls;
		this.signal = signal;
		this.resolve = resolve;
		this.reject = reject;
		this.onChunk = onChunk;
		signal.addEventListener('abort', this);
	}

	/** Its signal's only event. */
	handleEvent(): void {
		this.fail(this.signal.reason);
	}

	onConnect(giveUp: (error?: Error) => void): void {
		this.giveUp = giveUp;
		if (this.signal.aborted) this.handleEvent();
	}

	onHeaders(status: number, headers: readonly Buffer[]): boolean {
		// The server is at work and says so; the answer follows.
		if (status < 200) return true;
		this.status = status;
		this.stalls.add(this);
		this.contentType = headerOf(headers, 'content-type') ?? '';
		if (status >= 400) this.retryAfterMs = retryAfterMs(headers);
		if (Number(headerOf(headers, 'content-length') ?? 0) > MOST_BYTES) this.fail(tooLarge(this.settings));
		return true;
	}

	onData(chunk: Buffer): boolean {
		this.take(chunk);
		return true;
	}

	private take(chunk: Buffer): void {
		this.bytes += chunk.length;
		this.quietLooks = 0;
		if (this.bytes > MOST_BYTES) {
			this.fail(tooLarge(this.settings));
		} else if (this.onChunk && this.status < 300) {
			this.stream(chunk);
		} else if (this.first === null) {
			this.first = chunk;
		} else {
			this.more ??= [this.first];
			this.more.push(chunk);
		}
	}

	onComplete(): void {
		this.leave();
		const bytes = this.more ? Buffer.concat(this.more) : this.first;
		const body = bytes === null ? '' : bytes.toString('utf8');
		const { status, contentType } = this;
		if (status < 300) this.resolve({ status, contentType, retryAfterMs: null, body });
		else this.reject(statusError(status, body, this.retryAfterMs, this.settings));
	}

	onError(error: Error): void {
		this.fail(connectionError(error, this.status > 0, this.settings));
	}

	stalled(): void {
		this.fail(stallError(this.settings));
	}

	private stream(chunk: Buffer): void {
		try {
			this.onChunk?.(chunk);
		} catch (error) {
			this.fail(error);
		}
	}

	/** The first failure counts; undici reports our own abort as another. */
	private fail(error: unknown): void {
		this.leave();
		this.reject(error);
		this.giveUp?.(new Error('given up'));
		this.giveUp = null;
	}

	private leave(): void {
		this.signal.removeEventListener('abort', this);
		this.stalls.delete(this);
	}
}

/** The first of that name, which is given in lower case. */
function headerOf(headers: readonly Buffer[], name: string): string | undefined {
	for (let i = 0; i + 1 < headers.length; i += 2) {
		const key = headers[i] as Buffer;
		if (key.length === name.length && key.toString('latin1').toLowerCase() === name)
			return (headers[i + 1] as Buffer).toString('latin1');
	}
	return undefined;
}

function retryAfterMs(headers: readonly Buffer[]): number | null {
	const milliseconds = Number(headerOf(headers, 'retry-after-ms') ?? Number.NaN);
	if (milliseconds >= 0) return milliseconds;
	const after = headerOf(headers, 'retry-after');
	if (after === undefined) return null;
	const seconds = Number(after);
	if (seconds >= 0) return seconds * 1000;
	const date = Date.parse(after);
	return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
