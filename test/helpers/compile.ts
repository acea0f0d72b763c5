import { LibraryIndex } from '../../dsl/check/library-index.ts';
import { type Compiled, compile } from '../../dsl/compile.ts';
import type { CompilerLibrary } from '../../dsl/library.ts';
import { type Answer, type Need, needKey } from '../../dsl/needs.ts';
import { parseTypeExpr } from '../../dsl/parser/parser.ts';
import { spellType } from '../../dsl/types/show.ts';
import type { Type } from '../../dsl/types/type.ts';
import { testLibrary } from './library.ts';

export interface World {
	readonly library?: CompilerLibrary | LibraryIndex;
	readonly stage?: 'check' | 'plan';
	readonly params?: Readonly<Record<string, string>>;
	/** Fingerprint of everything that a program names, or a function of the need. */
	readonly print?: string | ((need: Need) => string);
}

/** What is to be found in the world of these tests: `./scorers.ts`, `rows.jsonl`, `rows.csv` and every model. */
export function answerTo(need: Need, world: World = {}): Answer {
	const named = JSON.stringify(need);
	if (named.includes('no-such')) {
		const path = /[\w./-]*no-such[\w.-]*/.exec(named)?.[0] ?? '?';
		return {
			kind: 'failure',
			message: `there is no file ${path}`,
			help: 'check the path: it is relative to the study',
		};
	}
	if (need.kind === 'schema') return { kind: 'schema', type: '{id: Number, text: Text}' };
	if (need.kind === 'signature') return { kind: 'signature', module: scorers };
	const sha256 = typeof world.print === 'function' ? world.print(need) : (world.print ?? 'a'.repeat(64));
	return { kind: 'fingerprint', prints: [{ name: `${need.fn}(…)`, sha256 }] };
}

const scorers = {
	path: '/studies/scorers.ts',
	sha256: 'b'.repeat(64),
	functions: {
		starts_well: {
			params: [{ name: 'text', type: 'Text', optional: false }],
			result: 'Bool',
			doc: 'Whether a text starts well.',
		},
		grade: {
			params: [
				{ name: 'text', type: 'Text', optional: false },
				{ name: 'scale', type: 'Number', optional: true },
			],
			result: '{score: Number, reason: Text?}',
			doc: null,
		},
	},
};

const index = new LibraryIndex(testLibrary);

/** Compiles with the library of these tests, answering what is asked for. */
export function compileHere(text: string, world: World = {}): Compiled {
	const answers = new Map<string, Answer>();
	for (;;) {
		const { stage = 'check', params = {} } = world;
		const compiled = compile(text, {
			library: world.library ?? index,
			stage,
			params,
			answers,
			path: 'study.assay',
		});
		const open = compiled.needs.filter((need) => !answers.has(needKey(need)));
		if (open.length === 0) return compiled;
		for (const need of open) answers.set(needKey(need), answerTo(need, world));
	}
}

export const errorsOf = (compiled: Compiled): string[] =>
	compiled.diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`);

/** The type of a declaration, in Assay's syntax; fails on a program with errors. */
export function typeIn(program: string, name: string): string {
	const compiled = compileHere(program);
	const errors = errorsOf(compiled);
	if (errors.length > 0) throw new Error(errors.join('\n'));
	const binding = compiled.scope.lookup(name);
	if (!binding) throw new Error(`${name} is not declared`);
	return spellType(binding.type);
}

export const parseType = (text: string): Type => index.typeOf(parseTypeExpr(text));
