import type {
	ChooseResult,
	EmbedResult,
	LogprobResult,
	ModelRequest,
	ModelResult,
	SampleResult,
} from '../../../stdlib/models/provider.ts';
import { Missing, type MissingReason } from '../../../stdlib/values/missing.ts';

export type CallKind = ModelRequest['kind'];

/** In the order of their numbers in the store. */
export const CALL_KINDS: readonly CallKind[] = ['sample', 'choose', 'logprob', 'embed'];

type SampleRecord = [text: string, finish: SampleResult['finish'], inputTokens: number, outputTokens: number];
type ChooseRecord = [
	logprobs: readonly (number | null)[],
	tokens: readonly number[],
	unconditional: readonly (number | null)[] | null,
	outside: number | null,
	inputTokens: number,
	outputTokens: number,
];
type LogprobRecord = [logprob: number | null, tokens: number, inputTokens: number, outputTokens: number];
type EmbedRecord = [vector: readonly number[], inputTokens: number, outputTokens: number];
interface MissingRecord {
	readonly reason: MissingReason;
	readonly message: string;
	readonly code: string | null;
}

/** What is kept of an outcome, as JSON: an array of fixed places, or an object for a missing one. -Infinity is null. */
export function encodeOutcome(kind: CallKind, outcome: ModelResult | Missing): string {
	if (outcome instanceof Missing) {
		const record: MissingRecord = { reason: outcome.reason, message: outcome.message, code: outcome.code };
		return JSON.stringify(record);
	}
	return JSON.stringify(recordOf(kind, outcome));
}

function recordOf(kind: CallKind, result: ModelResult): unknown[] {
	const { inputTokens, outputTokens } = result.usage;
	switch (kind) {
		case 'sample': {
			const { text, finish } = result as SampleResult;
			return [text, finish, inputTokens, outputTokens] satisfies SampleRecord;
		}
		case 'choose': {
			const { logprobs, tokens, unconditionalLogprobs, outside } = result as ChooseResult;
			// JSON.stringify writes null for -Infinity by itself.
			return [
				logprobs,
				tokens,
				unconditionalLogprobs ?? null,
				outside,
				inputTokens,
				outputTokens,
			] satisfies ChooseRecord;
		}
		case 'logprob': {
			const { logprob, tokens } = result as LogprobResult;
			return [logprob, tokens, inputTokens, outputTokens] satisfies LogprobRecord;
		}
		case 'embed':
			return [(result as EmbedResult).vector, inputTokens, outputTokens] satisfies EmbedRecord;
	}
}

export function decodeOutcome(kind: CallKind, json: string): ModelResult | Missing {
	const record: unknown = JSON.parse(json);
	if (!Array.isArray(record)) {
		const { reason, message, code } = record as MissingRecord;
		return new Missing(reason, message, code);
	}
	switch (kind) {
		case 'sample':
			return decodeSample(record as SampleRecord);
		case 'choose':
			return decodeChoose(record as ChooseRecord);
		case 'logprob':
			return decodeLogprob(record as LogprobRecord);
		case 'embed': {
			const [vector, inputTokens, outputTokens] = record as EmbedRecord;
			return { vector, usage: { inputTokens, outputTokens } };
		}
	}
}

const decodeSample = ([text, finish, inputTokens, outputTokens]: SampleRecord): SampleResult => ({
	text,
	finish,
	usage: { inputTokens, outputTokens },
});

function decodeChoose([
	logprobs,
	tokens,
	unconditional,
	outside,
	inputTokens,
	outputTokens,
]: ChooseRecord): ChooseResult {
	const result = { logprobs: floors(logprobs), tokens, outside, usage: { inputTokens, outputTokens } };
	return unconditional === null ? result : { ...result, unconditionalLogprobs: floors(unconditional) };
}

const decodeLogprob = ([logprob, tokens, inputTokens, outputTokens]: LogprobRecord): LogprobResult => ({
	logprob: logprob ?? Number.NEGATIVE_INFINITY,
	tokens,
	usage: { inputTokens, outputTokens },
});

const floors = (logprobs: readonly (number | null)[]): readonly number[] =>
	logprobs.includes(null)
		? logprobs.map((x) => x ?? Number.NEGATIVE_INFINITY)
		: (logprobs as readonly number[]);
