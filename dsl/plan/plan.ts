import type { Core, CoreClause } from './core.ts';

/**
 * A plan: what a program denotes. JSON-serialisable, complete (running it needs no source text) and content-keyed:
 * `key = sha256(op, body, versions of the operations in it, keys of its inputs)`. Layout, comments, the names of
 * lambda parameters and unrelated declarations never change a key.
 */
export interface Plan {
	readonly format: 'assay-plan/1';
	/** The study's title, or the file's name when it has none. */
	readonly title: string;
	readonly study: StudySettings;
	/** The program's text, so that reports can show it and failures can point into it. */
	readonly source: { readonly path: string | null; readonly text: string };
	/** Span table: `Core.loc` indexes pairs of UTF-16 offsets into `source.text`. */
	readonly spans: readonly (readonly [start: number, end: number])[];
	/** In an order in which every node comes after its inputs. */
	readonly nodes: readonly PlanNode[];
	/** TypeScript modules brought in by `use`: absolute path and the hash that is part of the keys. */
	readonly modules: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
}

export interface StudySettings {
	readonly cites: readonly string[];
	readonly seed: number;
	readonly budget: Budget;
}

/** Hard limits; null is no limit. */
export interface Budget {
	readonly usd: number | null;
	readonly tokens: number | null;
	readonly calls: number | null;
	readonly seconds: number | null;
}

export type PlanNode = ValueNode | RowsNode | FieldNode | EvalNode | TableNode | TrainNode;

interface NodeBase {
	/** Readable and unique: `items`, `answers.rows`, `answers.thought`, `bias`. */
	readonly id: string;
	/** The declaration this came from. */
	readonly declaration: string;
	/** Local name used by `input` and `column` in the body → id of the node. */
	readonly inputs: Readonly<Record<string, string>>;
	/** Library functions in the body → their version. */
	readonly versions: Readonly<Record<string, string>>;
	/** Content of files, model weights and data sets that the body names, e.g. `bbq("Age")` → sha256. */
	readonly fingerprints: Readonly<Record<string, string>>;
	readonly key: string;
	/** The value's type in Assay's syntax. */
	readonly type: string;
	/** Index into `Plan.spans`. */
	readonly loc: number;
}

/** `let`, `param`, `data`, `model`, `prompt`, `constitution`, `figure`, and tables given by an expression. */
export interface ValueNode extends NodeBase {
	readonly kind: 'value';
	readonly keyword:
		| 'let'
		| 'param'
		| 'data'
		| 'model'
		| 'prompt'
		| 'constitution'
		| 'network'
		| 'figure'
		| 'table';
	readonly body: Core;
}

/** The rows of an eval: the product of its clauses. Its value is one column a variable. */
export interface RowsNode extends NodeBase {
	readonly kind: 'rows';
	readonly clauses: readonly CoreClause[];
}

/** One field of an eval: a column, computed row by row; each row's calls carry their own keys. */
export interface FieldNode extends NodeBase {
	readonly kind: 'field';
	readonly name: string;
	readonly rows: string;
	readonly body: Core;
}

/** An eval as a whole value: its rows and all its fields. */
export interface EvalNode extends NodeBase {
	readonly kind: 'eval';
	readonly rows: string;
	readonly fields: readonly string[];
}

/** `table T = from source by … { … }` */
export interface TableNode extends NodeBase {
	readonly kind: 'table';
	/** Local name in `inputs` of the source: an eval's rows node, or a data or table node. */
	readonly source: string;
	readonly by: readonly { readonly name: string; readonly body: Core }[];
	readonly columns: readonly { readonly name: string; readonly body: Core; readonly type: string }[];
}

export interface TrainNode extends NodeBase {
	readonly kind: 'train';
	readonly settings: Readonly<Record<string, Core>>;
}
