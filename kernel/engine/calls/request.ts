import { hash } from 'node:crypto';
import type { ModelProvider, ModelRequest } from '../../../stdlib/models/provider.ts';
import type { Message } from '../../../stdlib/values/prompt.ts';

/**
 * A request as canonical JSON: what the call's key is a hash of, and what the store keeps. Fields have one order and no
 * spelling but this. `subjects` are no part of it. A seed is only where it can matter; `sample` and `repeat` tell draws of
 * one request apart, so a choice or a log-probability, which is no draw, is one call however often it is repeated.
 */
export function requestText(
	request: ModelRequest,
	sample: number,
	repeat: string,
	answerKey: string | null,
): string {
	switch (request.kind) {
		case 'sample': {
			const { messages, temperature, topP, topK, maxTokens, stop, seed } = request;
			// Not named where all tokens may be drawn: keys of calls from before it could be said stay as they are.
			const likeliest = topK === undefined ? '' : `,"topK":${topK}`;
			const draws =
				temperature > 0
					? `,"temperature":${temperature},"topP":${topP}${likeliest},"seed":${seed}`
					: ',"temperature":0';
			const place =
				repeat === '' ? `,"sample":${sample}` : `,"sample":${sample},"repeat":${JSON.stringify(repeat)}`;
			const limits = `,"maxTokens":${maxTokens},"stop":${JSON.stringify(stop)}`;
			return `{"kind":"sample",${messagesText(messages)}${draws}${limits}${place}${answerText(answerKey)}}`;
		}
		case 'choose': {
			const { messages, options, unconditional } = request;
			const scored = `,"options":${JSON.stringify(options)},"unconditional":${unconditional}`;
			return `{"kind":"choose",${messagesText(messages)}${scored}${drawText(sample)}${answerText(answerKey)}}`;
		}
		case 'logprob': {
			const completion = `,"completion":${JSON.stringify(request.completion)}`;
			return `{"kind":"logprob",${messagesText(request.messages)}${completion}${drawText(sample)}${answerText(answerKey)}}`;
		}
		case 'embed':
			return `{"kind":"embed","text":${JSON.stringify(request.text)}${drawText(sample)}${answerText(answerKey)}}`;
	}
}

/** What a provider says its answer depends on besides the request, short enough to be kept with every call. */
export function answerKeyOf(provider: ModelProvider, request: ModelRequest): string | null {
	if (!provider.keyOf) return null;
	const key = provider.keyOf(request);
	return key.length <= 64 ? key : hash('sha256', key);
}

/** Written by hand: the messages are most of the text, and this neither copies them nor depends on their keys' order. */
function messagesText(messages: readonly Message[]): string {
	let text = '"messages":[';
	for (let i = 0; i < messages.length; i++) {
		const { role, content } = messages[i] as Message;
		text += `${i === 0 ? '' : ','}{"role":"${role}","content":${JSON.stringify(content)}}`;
	}
	return `${text}]`;
}

const drawText = (sample: number): string => (sample === 0 ? '' : `,"sample":${sample}`);

const answerText = (answerKey: string | null): string =>
	answerKey === null ? '' : `,"answerKey":${JSON.stringify(answerKey)}`;
