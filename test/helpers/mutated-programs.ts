import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { longProgram } from './long-program.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const programs = ['good', 'bad'].flatMap((folder) =>
	readdirSync(join(fixtures, folder))
		.filter((name) => name.endsWith('.assay'))
		.map((name) => readFileSync(join(fixtures, folder, name), 'utf8')),
);
const sources = [...programs, longProgram(40)].map((text) => text.match(/\w+|\s+|[^\w\s]/g) ?? []);
const words = [...new Set(sources.flat())];

type Mutation = (tokens: string[], at: number, word: string, other: number) => void;
const mutations: readonly Mutation[] = [
	(tokens, at) => tokens.splice(at, 1),
	(tokens, at, word) => tokens.splice(at, 0, word),
	(tokens, at, word) => tokens.splice(at, 1, word),
	(tokens, at, _word, other) => tokens.splice(at, 0, ...tokens.slice(other, other + 12)),
	(tokens, at, _word, other) => tokens.splice(Math.min(at, other), Math.abs(at - other) % 12),
	(tokens, at, _word, other) => {
		[tokens[at], tokens[other]] = [tokens[other] as string, tokens[at] as string];
	},
];

/** Programs of the fixtures, good and bad, with words taken out, put in and put elsewhere. */
export const mutatedPrograms = fc
	.record({
		source: fc.constantFrom(...sources),
		changes: fc.array(
			fc.tuple(
				fc.nat(mutations.length - 1),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
				fc.constantFrom(...words),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
			),
			{ minLength: 1, maxLength: 6 },
		),
	})
	.map(({ source, changes }) => {
		const tokens = [...source];
		for (const [kind, at, word, other] of changes) {
			(mutations[kind] as Mutation)(
				tokens,
				Math.floor(at * tokens.length),
				word,
				Math.floor(other * tokens.length),
			);
		}
		return tokens.join('');
	});
