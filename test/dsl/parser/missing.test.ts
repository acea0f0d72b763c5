import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { format } from '../../../dsl/format/format.ts';
import { parse } from '../../../dsl/parser/parser.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/good');

/** Brackets and quotes of a program; a bracket inside a plain text is none. */
const marks = (program: string) =>
	[...program.matchAll(/"""|["(){}[\]]/g)].filter(
		({ index }) => !program.slice(index - 14, index).endsWith('The answer is '),
	);

for (const name of readdirSync(fixtures)) {
	test(`without any one bracket or quote, ${name} has one problem, and all its other declarations`, (t) => {
		const source = readFileSync(join(fixtures, name), 'utf8');
		const formatted = format(source);
		for (const program of [source, 'text' in formatted ? formatted.text : '']) {
			const all = parse(program).program.declarations.length;
			for (const { index, 0: mark } of marks(program)) {
				const { problems, program: read } = parse(
					program.slice(0, index) + program.slice(index + mark.length),
				);
				const where = `without ${mark} at ${index}: ${program.slice(Math.max(0, index - 20), index + 20)}`;
				t.is(problems.length, 1, `${where}\n${JSON.stringify(problems)}`);
				t.true(
					read.declarations.filter((declaration) => declaration.kind !== 'error').length >= all - 1,
					where,
				);
			}
		}
	});
}
