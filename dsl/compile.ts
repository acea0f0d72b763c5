import type { Program } from './ast.ts';
import { type SemanticInfo, Session } from './check/context.ts';
import { LibraryIndex } from './check/library-index.ts';
import { ProgramChecker } from './check/program.ts';
import type { Scope } from './check/scope.ts';
import { type Problem, toDiagnostic } from './diagnostics/catalogue.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { CompilerLibrary } from './library.ts';
import { nearest } from './nearest.ts';
import type { Answers, Need } from './needs.ts';
import { parse } from './parser/parser.ts';
import { buildPlan } from './plan/build.ts';
import type { Plan } from './plan/plan.ts';

export interface CompileOptions {
	readonly library: CompilerLibrary | LibraryIndex;
	readonly path?: string | null;
	/** Values of params as text, from `--set`. */
	readonly params?: Readonly<Record<string, string>>;
	readonly answers?: Answers;
	/** `check` stops before the plan and so needs no data, files or models. */
	readonly stage?: 'check' | 'plan';
}

export interface Compiled {
	readonly program: Program;
	/** In the order of the text. */
	readonly diagnostics: readonly Diagnostic[];
	/** Null when there is an error, when something is still needed, and at stage `check`. */
	readonly plan: Plan | null;
	/** What the caller has to fetch before asking again. */
	readonly needs: readonly Need[];
	readonly info: SemanticInfo;
	readonly scope: Scope;
}

/** text → tree → typed core → plan. Synchronous, pure and total: whatever is wrong comes back as diagnostics. */
export function compile(text: string, options: CompileOptions): Compiled {
	const library =
		options.library instanceof LibraryIndex ? options.library : new LibraryIndex(options.library);
	const parsed = parse(text);
	const session = new Session(library, options.answers ?? new Map(), text);
	session.problems.push(...parsed.problems);
	const params = options.params ?? {};
	const checker = new ProgramChecker(parsed.program, session, params);
	const checked = checker.check();
	reportUnknownParams(parsed.program, params, session);
	const wantsPlan = options.stage !== 'check' && !hasErrors(session.problems) && session.needs.size === 0;
	const plan = wantsPlan ? buildPlan(checked, session, { path: options.path ?? null, text }) : null;
	const failed = hasErrors(session.problems);
	return {
		program: parsed.program,
		diagnostics: session.problems
			.map(toDiagnostic)
			.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
		plan: failed ? null : plan,
		needs: [...session.needs.values()],
		info: session.info,
		scope: checked.scope,
	};
}

const hasErrors = (problems: readonly Problem[]): boolean =>
	problems.some((p) => toDiagnostic(p).severity === 'error');

function reportUnknownParams(
	program: Program,
	params: Readonly<Record<string, string>>,
	session: Session,
): void {
	const known = program.declarations.filter((d) => d.kind === 'param').map((d) => d.name.text);
	for (const name of Object.keys(params)) {
		if (!known.includes(name))
			session.report('A0304', { name, near: nearest(name, known), known }, { start: 0, end: 0 });
	}
}
