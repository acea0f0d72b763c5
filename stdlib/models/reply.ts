import type { ZodType } from 'zod';
import type { Reply } from './http.ts';
import { clip, errorMessage } from './http-errors.ts';
import { CallError } from './provider.ts';

/** An answer as the protocol describes it, or a `CallError` of kind `malformed` that quotes what came instead. */
export function parseReply<T>(
	reply: Reply,
	schema: ZodType<T>,
	host: string,
	redact: (text: string) => string,
): T {
	const { contentType, body } = reply;
	if (contentType !== '' && !contentType.includes('json')) {
		throw malformed(
			`${host} answered with ${contentType.split(';')[0]} instead of JSON: ${redact(errorMessage(body))}`,
		);
	}
	return parseJson(body, schema, host, redact);
}

export function parseJson<T>(
	body: string,
	schema: ZodType<T>,
	host: string,
	redact: (text: string) => string,
): T {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch {
		throw malformed(`${host} answered with broken JSON: ${redact(clip(body)) || 'nothing at all'}`);
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	if (typeof value === 'object' && value !== null && 'error' in value) {
		throw malformed(`${host} answered with an error inside a success: ${redact(errorMessage(body))}`);
	}
	const issue = parsed.error.issues[0];
	const where = issue && issue.path.length > 0 ? issue.path.join('.') : 'the answer';
	throw malformed(
		`${host} answered in another shape than the protocol's: ${where}: ${issue?.message ?? 'unreadable'}`,
	);
}

export const malformed = (message: string): CallError => new CallError('malformed', message);
