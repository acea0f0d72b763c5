import { runInNewContext } from 'node:vm';
import test from 'ava';
import fc from 'fast-check';
import { Executor } from '../../../../kernel/jupyter/typescript/executor.ts';
import { ModuleLoader } from '../../../../kernel/jupyter/typescript/module-loader.ts';
import { parseCell } from '../../../../kernel/jupyter/typescript/syntax.ts';
import { transformCell } from '../../../../kernel/jupyter/typescript/transform.ts';

const NAMES = ['va', 'vb', 'vc'];
const name = fc.constantFrom(...NAMES);
const value = fc.oneof(
	fc.integer({ min: -3, max: 9 }).map((n) => `(${n})`),
	name,
	fc.tuple(name, fc.constantFrom('+', '-', '*'), name).map(([a, op, b]) => `(${a} ${op} ${b} % 7)`),
	fc.constantFrom('look()', 'bump()', '[va, vb].length', '(() => vc)()'),
);

/** Statements that may stand in a loop, of some depth. */
const { statement } = fc.letrec<{ statement: string; block: string }>((tie) => ({
	block: fc.array(tie('statement'), { maxLength: 4 }).map((lines) => `{ ${lines.join('; ')} }`),
	statement: fc.oneof(
		{ maxDepth: 4, withCrossShrink: true },
		fc.tuple(name, fc.constantFrom('=', '+=', '-='), value).map(([a, op, b]) => `${a} ${op} ${b}`),
		fc.tuple(name, fc.constantFrom('++', '--')).map(([a, op]) => a + op),
		fc.tuple(name, name).map(([a, b]) => `;[${a}, ${b}] = [${b}, ${a}]`),
		value.map((shown) => `log.push(${shown})`),
		fc.tuple(value, tie('block')).map(([a, block]) => `if (${a} > 2) ${block}`),
		fc
			.tuple(name, tie('block'))
			.map(([a, block]) => `{ let ${a} = 1; ${a} += 1; { const other = ${a}; ${block} } }`),
		fc
			.tuple(name, tie('block'))
			.map(
				([a, block]) =>
					`try { ${block}; if (${a} > 30) throw ${a} } catch (error) { log.push(error) } finally { ${a}-- }`,
			),
		tie('block').map((block) => `for (let i = 0; i < 3; i++) { if (spent++ > 400) break; ${block} }`),
		fc.tuple(name, tie('block')).map(([a, block]) => `for (${a} of [1, 5]) ${block}`),
		fc
			.tuple(name, tie('block'))
			.map(([a, block]) => `while (${a}++ < 6) { if (spent++ > 400) break; ${block} }`),
		fc
			.tuple(name, tie('block'), fc.nat(1e9))
			.map(
				([a, block, id]) =>
					`around${id}: do { if (spent++ > 400) break around${id}; ${block}; if (${a} > 3) continue around${id} } while (${a}++ < 2)`,
			),
	),
}));

const FUNCTIONS = [
	'const look = () => va, bump = () => { vb++; return vb };',
	'function look() { return 1 } function bump() { let va = 3; return va }',
];

const program = fc.record({
	functions: fc.constantFrom(...FUNCTIONS),
	statements: fc.array(statement, { minLength: 1, maxLength: 5 }),
});

/** Every name, numbers kept small so that both sides stay exact. */
const LEFT = 'JSON.stringify([va, vb, vc, log, spent])';

test('a cell with loops leaves what the same program leaves, whatever it calls, hides and throws', async (t) => {
	let localised = 0;
	const run = async (code: string): Promise<unknown> => {
		// What functions of one program mention, they do not mention for another.
		const executor = new Executor(new ModuleLoader(import.meta.dirname));
		const cell = transformCell(parseCell(code), executor);
		if (cell.code.includes('__cell_turns')) localised++;
		const how = { filename: 'Cell [1]', done: new Set<string>(), isType: async () => false };
		const box = await executor.run(cell, how);
		executor.close();
		return box?.[0];
	};
	await fc.assert(
		fc.asyncProperty(program, async ({ functions, statements }) => {
			const begin = 'let va = 1, vb = 2, vc = 3, spent = 0; const log = [];';
			const body = `${begin}\n${functions}\n${statements.join(';\n')};\n${LEFT}`;
			const expected: unknown = runInNewContext(`'use strict'; ${body}`, {}, { timeout: 5000 });
			t.is(await run(body), expected as string, body);
		}),
		{ numRuns: 300 },
	);
	t.true(localised > 100, `${localised} of 300 programs had a loop with variables of its own`);
});
