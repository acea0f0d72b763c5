import type { CallSignal } from '../../../stdlib/models/call-signal.ts';
import {
	type Awaitable,
	CallError,
	type ModelProvider,
	type ModelRequest,
	type ModelResult,
} from '../../../stdlib/models/provider.ts';
import { Missing } from '../../../stdlib/values/missing.ts';

/** Asks the provider by the method that the request is for. */
export function invoke(
	provider: ModelProvider,
	request: ModelRequest,
	signal: CallSignal,
): Awaitable<ModelResult> {
	switch (request.kind) {
		case 'sample':
			return provider.sample?.(request, signal) ?? unsupported(provider, request);
		case 'choose':
			return provider.choose?.(request, signal) ?? unsupported(provider, request);
		case 'logprob':
			return provider.logprob?.(request, signal) ?? unsupported(provider, request);
		case 'embed':
			return provider.embed?.(request, signal) ?? unsupported(provider, request);
	}
}

function unsupported(provider: ModelProvider, request: ModelRequest): never {
	throw new CallError('unsupported', `${provider.identity.model} has no ${request.kind}`);
}

/** The answer as missing, where the model or a filter before it declined. */
export function refusalOf(result: ModelResult): Missing | null {
	if (!('finish' in result)) return null;
	if (result.finish === 'refusal')
		return new Missing('refused', result.text || 'the model declined to answer', 'refusal');
	if (result.finish === 'filter')
		return new Missing('refused', 'the answer was withheld by a content filter', 'filter');
	return null;
}

/** A provider's own mistake is a failed call like another, told as what it is. */
export function asCallError(cause: unknown): CallError {
	if (cause instanceof CallError) return cause;
	const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
	return new CallError('malformed', `the provider failed: ${message}`, { cause, retryable: false });
}
