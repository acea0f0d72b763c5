import { define } from '../define.ts';
import { labelOf } from '../values/labelled.ts';

/** A value as text: text as it is, numbers and truth values as they are written, anything else as JSON. */
export const text = (value: unknown): string =>
	typeof value === 'string' ? value : String(labelOf(value) ?? '');

interface TextArgs {
	readonly text: string;
}

interface PartArgs extends TextArgs {
	readonly part: string;
}

export const stringFunctions = [
	define({
		name: 'text',
		signature: 'text(value: Any) -> Text',
		doc: 'A value as text: numbers and truth values as they are written, lists and records as JSON.',
		example: 'text(x.score)',
		version: 1,
		run: ({ value }: { readonly value: unknown }) => text(value),
	}),
	define({
		name: 'join',
		signature: 'join(list: List<Any>, separator: Text = ", ") -> Text',
		doc: 'The elements of a list as one text, with the separator between them.',
		example: 'join(x.answers, separator: " / ")',
		version: 1,
		run: ({ list, separator = ', ' }: { readonly list: readonly unknown[]; readonly separator?: string }) =>
			list.map(text).join(separator),
	}),
	define({
		name: 'split',
		signature: 'split(text: Text, separator: Text = "\\n") -> List<Text>',
		doc: 'The parts of a text between the separators, at line breaks when left out.',
		example: 'split(answer, separator: ";")',
		version: 1,
		run: ({ text, separator = '\n' }: TextArgs & { readonly separator?: string }) => text.split(separator),
	}),
	define({
		name: 'upper',
		signature: 'upper(text: Text) -> Text',
		doc: 'The text in upper case.',
		example: 'upper(x.letter)',
		version: 1,
		run: ({ text }: TextArgs) => text.toUpperCase(),
	}),
	define({
		name: 'lower',
		signature: 'lower(text: Text) -> Text',
		doc: 'The text in lower case.',
		example: 'lower(answer)',
		version: 1,
		run: ({ text }: TextArgs) => text.toLowerCase(),
	}),
	define({
		name: 'trim',
		signature: 'trim(text: Text) -> Text',
		doc: 'The text without white space around it.',
		example: 'trim(statement)',
		version: 1,
		run: ({ text }: TextArgs) => text.trim(),
	}),
	define({
		name: 'first_line',
		signature: 'first_line(text: Text) -> Text',
		doc: 'The first line of a text that is not empty, without white space around it.',
		example: 'statement = first_line(draft)',
		version: 1,
		run: ({ text }: TextArgs) =>
			text
				.split('\n')
				.map((line) => line.trim())
				.find((line) => line !== '') ?? '',
	}),
	define({
		name: 'replace',
		signature: 'replace(text: Text, old: Text, new: Text) -> Text',
		doc: 'The text with every occurrence of one text replaced by another.',
		example: 'replace(sentence, "_", "they")',
		version: 1,
		run: ({ text, old, new: put }: TextArgs & { readonly old: string; readonly new: string }) =>
			text.replaceAll(old, () => put),
	}),
	define({
		name: 'contains',
		signature: 'contains(text: Text, part: Text) -> Bool',
		doc: 'Whether one text stands in another, to the letter.',
		example: 'contains(lower(answer), "unknown")',
		version: 1,
		run: ({ text, part }: PartArgs) => text.includes(part),
	}),
	define({
		name: 'starts_with',
		signature: 'starts_with(text: Text, part: Text) -> Bool',
		doc: 'Whether a text begins with another.',
		example: 'starts_with(trim(answer), "Yes")',
		version: 1,
		run: ({ text, part }: PartArgs) => text.startsWith(part),
	}),
	define({
		name: 'ends_with',
		signature: 'ends_with(text: Text, part: Text) -> Bool',
		doc: 'Whether a text ends with another.',
		example: 'ends_with(question, "?")',
		version: 1,
		run: ({ text, part }: PartArgs) => text.endsWith(part),
	}),
];
