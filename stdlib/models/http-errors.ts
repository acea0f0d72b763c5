import type { HttpSettings } from './http.ts';
import { CallError, type CallErrorKind } from './provider.ts';

/** An answer is text of a few thousand tokens; more than this is a mistake or an attack on memory. */
export const MOST_BYTES = 8 * 1024 * 1024;

export const stallError = ({ baseUrl, stallSeconds }: HttpSettings): CallError =>
	new CallError('timeout', `${baseUrl.host} stopped in the middle of an answer for ${stallSeconds} s`);

export const tooLarge = ({ baseUrl }: HttpSettings): CallError =>
	new CallError(
		'too-large',
		`${baseUrl.host} sent more than ${MOST_BYTES / 1024 / 1024} MB for one answer; the rest was not read`,
	);

const KIND_OF_STATUS: ReadonlyMap<number, CallErrorKind> = new Map([
	[401, 'auth'],
	[403, 'auth'],
	[404, 'unavailable'],
	[408, 'timeout'],
	[413, 'too-large'],
	[429, 'rate-limit'],
]);

export function statusError(
	status: number,
	body: string,
	retryAfter: number | null,
	{ baseUrl, redact, keyHint }: HttpSettings,
): CallError {
	const kind = KIND_OF_STATUS.get(status) ?? (status >= 500 ? 'server' : 'bad-request');
	const said = redact(errorMessage(body));
	const hint = status === 401 ? `; ${keyHint}` : status < 400 ? '; is the base URL right?' : '';
	return new CallError(kind, `${baseUrl.host} answered ${status}${said ? `: ${said}` : ''}${hint}`, {
		status,
		retryAfterMs: retryAfter,
		// An account without credit stays without credit; waiting helps every other 429.
		...(status === 429 && body.includes('insufficient_quota') ? { retryable: false } : {}),
	});
}

/** The sentence in an error's body, in any of the shapes that servers use. */
export function errorMessage(body: string): string {
	try {
		const parsed: unknown = JSON.parse(body);
		const found = messageIn(parsed);
		if (found) return clip(found);
	} catch {
		// Not JSON: the text itself is what there is to show.
	}
	return clip(body.replace(/<[^>]*>/g, ' '));
}

function messageIn(value: unknown): string | null {
	if (typeof value === 'string') return value;
	if (typeof value !== 'object' || value === null) return null;
	const { error, message, detail } = value as Readonly<Record<string, unknown>>;
	return (
		messageIn(error) ??
		messageIn(message) ??
		(detail === undefined ? null : (messageIn(detail) ?? JSON.stringify(detail)))
	);
}

export const clip = (text: string): string => {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};

const TIMEOUTS = new Set([
	'UND_ERR_HEADERS_TIMEOUT',
	'UND_ERR_BODY_TIMEOUT',
	'UND_ERR_CONNECT_TIMEOUT',
	'ETIMEDOUT',
]);

export function connectionError(
	error: Error & { code?: string },
	begun: boolean,
	settings: HttpSettings,
): CallError {
	const { baseUrl, timeoutSeconds } = settings;
	const code = error.code ?? '';
	if (code === 'UND_ERR_BODY_TIMEOUT') return stallError(settings);
	if (code === 'UND_ERR_HEADERS_TIMEOUT')
		return new CallError('timeout', `${baseUrl.host} did not answer within ${timeoutSeconds} s`);
	if (TIMEOUTS.has(code)) return new CallError('timeout', `no connection to ${baseUrl.host} in time`);
	if (code === 'ECONNREFUSED')
		return new CallError('network', `nothing listens at ${baseUrl.host}; is the server running?`);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
		return new CallError('network', `there is no host ${baseUrl.hostname}, or no network`);
	if (begun) return new CallError('network', `${baseUrl.host} cut the connection in the middle of an answer`);
	return new CallError(
		'network',
		settings.redact(`the connection to ${baseUrl.host} failed: ${clip(error.message) || code}`),
	);
}
