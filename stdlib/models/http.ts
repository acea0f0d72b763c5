import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import type { CallSignal } from './call-signal.ts';
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
	readonly contentType: string;
	readonly body: string;
}

/** By whom a request was made, and what becomes of its answer. */
interface Asked<T> {
	readonly read: (reply: Reply) => T;
	readonly resolve: (value: T) => void;
	readonly reject: (error: unknown) => void;
	readonly onChunk: ((chunk: Buffer) => void) | undefined;
}

/** JSON over HTTP to one server, straight on undici: kept-alive connections, one request each, no retries. */
export class HttpClient {
	private readonly dispatcher: Dispatcher;
	private readonly settings: HttpSettings;
	private readonly origin: string;
	private readonly base: string;
	private readonly headers: Readonly<Record<string, string>>;
	private readonly stalls: StallWatch;

	constructor(settings: HttpSettings) {
		this.settings = settings;
		this.stalls = new StallWatch(settings.stallSeconds);
		const { baseUrl, connections } = settings;
		this.origin = baseUrl.origin;
		this.base = baseUrl.pathname.replace(/\/+$/, '');
		this.headers = { 'content-type': 'application/json', ...settings.headers };
		this.dispatcher = usesProxy(baseUrl)
			? new EnvHttpProxyAgent({ connections })
			: new Pool(this.origin, { connections, pipelining: 1, keepAliveTimeout: 30_000 });
	}

	/**
	 * Resolves with what `read` makes of any answer below 300, which is here and not in a `then` as that would be a promise
	 * more for every call; `onChunk` gets the body as it comes instead of it being kept.
	 */
	post<T>(
		path: string,
		body: string,
		signal: CallSignal,
		read: (reply: Reply) => T,
		onChunk?: (chunk: Buffer) => void,
	): Promise<T> {
		const { settings } = this;
		return new Promise((resolve, reject) => {
			if (signal.aborted) {
				reject(signal.reason);
				return;
			}
			const exchange = new Exchange(settings, this.stalls, signal, { read, resolve, reject, onChunk });
			const timeoutMs = settings.timeoutSeconds * 1000;
			this.dispatcher.dispatch(
				{
					origin: this.origin,
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

/** An answer that has begun. */
interface Watched {
	/** Among those that the watch looks at; negative when it does not. */
	place: number;
	/** Its looks since the latest piece. */
	quietLooks: number;
	stalled(): void;
}

/** Ends answers that have begun and of which nothing has come for a while: one timer for all of a client's. */
class StallWatch {
	private readonly everyMs: number;
	/** An array in no order, in which each knows its place: a `Set` would be made anew for every few of them. */
	private readonly begun: Watched[] = [];
	private timer: NodeJS.Timeout | null = null;

	constructor(stallSeconds: number) {
		this.everyMs = (stallSeconds * 1000) / LOOKS;
	}

	add(exchange: Watched): void {
		exchange.place = this.begun.push(exchange) - 1;
		this.timer ??= setInterval(() => this.look(), this.everyMs).unref();
	}

	delete(exchange: Watched): void {
		if (exchange.place < 0) return;
		const last = this.begun.pop() as Watched;
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
class Exchange<T> implements Dispatcher.DispatchHandler, Watched {
	place = -1;
	quietLooks = 0;
	private readonly settings: HttpSettings;
	private readonly stalls: StallWatch;
	private readonly signal: CallSignal;
	private readonly asked: Asked<T>;
	private giveUp: ((error?: Error) => void) | null = null;
	private status = 0;
	private contentType = '';
	private retryAfterMs: number | null = null;
	private first: Buffer | null = null;
	private more: Buffer[] | null = null;
	private bytes = 0;

	constructor(settings: HttpSettings, stalls: StallWatch, signal: CallSignal, asked: Asked<T>) {
		this.settings = settings;
		this.stalls = stalls;
		this.signal = signal;
		this.asked = asked;
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
		} else if (this.asked.onChunk && this.status < 300) {
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
		try {
			this.asked.resolve(this.read(body));
		} catch (error) {
			this.asked.reject(error);
		}
	}

	private read(body: string): T {
		const { status, contentType } = this;
		if (status >= 300) throw statusError(status, body, this.retryAfterMs, this.settings);
		return this.asked.read({ contentType, body });
	}

	onError(error: Error): void {
		this.fail(connectionError(error, this.status > 0, this.settings));
	}

	stalled(): void {
		this.fail(stallError(this.settings));
	}

	private stream(chunk: Buffer): void {
		try {
			this.asked.onChunk?.(chunk);
		} catch (error) {
			this.fail(error);
		}
	}

	/** The first failure counts; undici reports our own abort as another. */
	private fail(error: unknown): void {
		this.leave();
		this.asked.reject(error);
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
