import { define } from '../define.ts';
import { isMissing } from '../values/missing.ts';

const isAbsent = (value: unknown): boolean => isMissing(value) || value === null || value === undefined;

export const missingFunctions = [
	define({
		name: 'is_missing',
		signature: 'is_missing(value: Any) -> Bool',
		doc: 'Whether a value is missing: a failed call, a refusal, an answer that could not be read, or nothing in the data.',
		example: 'items |> where(not is_missing(target))',
		version: 1,
		acceptsMissing: true,
		run: ({ value }: { readonly value: unknown }) => isAbsent(value),
	}),
	define({
		name: 'or_else',
		signature: 'or_else(value: T?, fallback: T) -> T',
		doc: 'The value, or the fallback where it is missing. What was missing then counts like any other value.',
		example: 'or_else(x.score, 0)',
		version: 1,
		acceptsMissing: true,
		run: ({ value, fallback }: { readonly value: unknown; readonly fallback: unknown }) =>
			isAbsent(value) ? fallback : value,
	}),
];
