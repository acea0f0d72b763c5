import type { Declaration, Program } from '../ast.ts';
import type { Span } from '../span.ts';
import { ANY, app, ERROR, type Type } from '../types/type.ts';
import type { Context, Session } from './context.ts';
import {
	checkConstitution,
	checkNetwork,
	checkParam,
	checkPrompt,
	checkTrain,
	checkValue,
} from './declarations.ts';
import type { DraftNode } from './draft.ts';
import { checkEval, type EvalShape } from './eval.ts';
import { dependencyOrder } from './order.ts';
import { type Binding, NodeInputs, Scope } from './scope.ts';
import { checkStudy, type Study } from './study.ts';
import { checkTable } from './table.ts';
import { checkUse } from './use.ts';

type Named = Exclude<Declaration, { kind: 'study' | 'error' | 'use' }>;

/** What a checked program is: its draft nodes in an order in which inputs come first. */
export interface Checked {
	readonly study: Study;
	readonly drafts: readonly DraftNode[];
	readonly scope: Scope;
	readonly modules: ReadonlyMap<string, { readonly path: string; readonly sha256: string }>;
}

/** Declarations are checked after what they mention, so only a circle can keep many of them open. */
const LONGEST_CIRCLE = 200;

/** Checks a program's declarations, each when it is first needed, so that their order does not matter. */
export class ProgramChecker {
	readonly session: Session;
	readonly params: Readonly<Record<string, string>>;
	private readonly declared = new Map<string, Named>();
	readonly scope: Scope;
	readonly drafts: DraftNode[] = [];
	readonly evals = new Map<string, EvalShape>();
	readonly modules = new Map<string, { path: string; sha256: string }>();
	private readonly program: Program;
	private readonly done = new Map<string, Binding>();
	private readonly open: string[] = [];

	constructor(program: Program, session: Session, params: Readonly<Record<string, string>>) {
		this.program = program;
		this.session = session;
		this.params = params;
		this.scope = new ProgramScope((name) => this.resolve(name), this.declared);
	}

	check(): Checked {
		this.collectNames();
		const study = checkStudy(this.program, this.session, this.context(new NodeInputs()));
		this.session.seed = study.seed;
		for (const name of dependencyOrder(this.declared)) this.resolve(name);
		return { study, drafts: this.drafts, scope: this.scope, modules: this.modules };
	}

	context(node: NodeInputs): Context {
		return { session: this.session, scope: this.scope, node, rows: null, depth: 0 };
	}

	private collectNames(): void {
		const first = new Map<string, Span>();
		for (const declaration of this.program.declarations) {
			if (declaration.kind === 'error' && declaration.name) this.excuse(declaration.name.text);
			if (declaration.kind === 'study' || declaration.kind === 'error') continue;
			const names = declaration.kind === 'use' ? declaration.names : [declaration.name];
			for (const name of names) {
				const before = first.get(name.text);
				if (before) this.session.report('A0102', { name: name.text }, name.span, { also: [before] });
				else first.set(name.text, name.span);
			}
			if (declaration.kind === 'use') {
				for (const binding of checkUse(declaration, this))
					if (!this.done.has(binding.name)) this.done.set(binding.name, binding);
			} else if (!this.declared.has(declaration.name.text))
				this.declared.set(declaration.name.text, declaration);
		}
	}

	/** What a declaration that could not be read was going to declare has the error type: its uses are not mistakes. */
	private excuse(name: string): void {
		this.done.set(name, {
			name,
			kind: 'declaration',
			type: ERROR,
			core: { op: 'lit', value: null },
			span: null,
			doc: null,
		});
	}

	/** The binding of a declared name, checking its declaration now if nobody asked before; null when there is none. */
	resolve(name: string): Binding | null {
		const known = this.done.get(name);
		if (known) return known;
		const declaration = this.declared.get(name);
		if (!declaration) return null;
		if (this.open.length > LONGEST_CIRCLE || this.open.includes(name)) return this.circle(declaration);
		this.open.push(name);
		const binding = this.checkDeclaration(declaration);
		this.open.pop();
		const settled = this.done.get(name) ?? binding;
		this.done.set(name, settled);
		return settled;
	}

	private circle(declaration: Named): Binding {
		const members = this.open.slice(Math.max(0, this.open.indexOf(declaration.name.text)));
		// It is told from where a reader meets it first.
		const starts = members.map((name) => (this.declared.get(name) as Named).name.span);
		const first = starts.reduce((best, span, i) => (span.start < (starts[best] as Span).start ? i : best), 0);
		const names = [...members.slice(first), ...members.slice(0, first + 1)];
		this.session.report('A0106', { names }, starts[first] as Span);
		const binding = this.bindingOf(declaration, ERROR);
		for (const name of names) {
			const member = this.declared.get(name);
			if (member) this.done.set(name, this.bindingOf(member, ERROR));
		}
		return binding;
	}

	private checkDeclaration(declaration: Named): Binding {
		switch (declaration.kind) {
			case 'param':
				return this.bindingOf(declaration, checkParam(declaration, this));
			case 'value':
			case 'prompt': {
				const check =
					declaration.kind === 'value' ? checkValue(declaration, this) : checkPrompt(declaration, this);
				const { type, recheck } = check;
				return { ...this.bindingOf(declaration, type), ...(recheck ? { recheck } : {}) };
			}
			case 'constitution':
				return this.bindingOf(declaration, checkConstitution(declaration, this));
			case 'network':
				return this.bindingOf(declaration, checkNetwork(declaration, this));
			case 'train':
				return this.bindingOf(declaration, checkTrain(declaration, this));
			case 'eval': {
				const shape = checkEval(declaration, this);
				this.evals.set(declaration.name.text, shape);
				return this.bindingOf(declaration, app('Data', shape.row));
			}
			case 'table':
				return this.bindingOf(declaration, checkTable(declaration, this));
		}
	}

	private bindingOf(declaration: Named, type: Type): Binding {
		const name = declaration.name.text;
		return {
			name,
			kind: 'declaration',
			type,
			core: { op: 'input', name },
			span: declaration.name.span,
			doc: declaration.doc,
			use: (node) => node.inputs.set(name, name),
		};
	}
}

/** The outermost scope: declarations, resolved when they are looked up. */
class ProgramScope extends Scope {
	private readonly resolve: (name: string) => Binding | null;
	private readonly declarations: ReadonlyMap<string, Named>;

	constructor(resolve: (name: string) => Binding | null, declarations: ReadonlyMap<string, Named>) {
		super(null);
		this.resolve = resolve;
		this.declarations = declarations;
	}

	override lookup(name: string): Binding | null {
		return this.resolve(name);
	}

	override declaration(name: string): Span | null {
		return this.declarations.get(name)?.name.span ?? null;
	}

	/** Names only: a list of candidates must not force everything to be checked, which could find circles that are none. */
	override *own(): Iterable<Binding> {
		for (const declaration of this.declarations.values()) {
			yield {
				name: declaration.name.text,
				kind: 'declaration',
				type: ANY,
				core: { op: 'input', name: declaration.name.text },
				span: declaration.name.span,
				doc: declaration.doc,
			};
		}
	}

	override *all(): Generator<Binding> {
		yield* this.own();
	}
}
