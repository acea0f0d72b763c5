/** What the rooms of the notebook kernel agree on: the session speaks the protocol, an engine runs and explains cells. */

export type MimeBundle = Readonly<Record<string, unknown>>;

export interface DisplayData {
	readonly data: MimeBundle;
	readonly metadata: Readonly<Record<string, unknown>>;
}

/** Where what a cell shows goes: to the cell that caused it, also after it has ended. */
export interface CellOutput {
	stream(name: 'stdout' | 'stderr', text: string): void;
	/** With `displayId` a display can be updated later; `update` replaces every display of that id. */
	display(shown: DisplayData, options?: { readonly displayId?: string; readonly update?: boolean }): void;
	clear(wait: boolean): void;
	/** Asks the person at the front end. Rejects with a `UserError` where the front end takes no input. */
	input(prompt: string, options: { readonly password: boolean }): Promise<string>;
}

export interface CellRequest {
	readonly code: string;
	/** The number in `In [3]`. A silent cell has the number of the cell before it. */
	readonly executionCount: number;
	readonly silent: boolean;
	readonly output: CellOutput;
	/** Aborted by an interrupt. A loop that does not look at it is ended from outside. */
	readonly signal: AbortSignal;
}

export type CellResult = { readonly status: 'ok'; readonly result: DisplayData | null } | CellError;

export interface CellError {
	readonly status: 'error';
	readonly ename: string;
	readonly evalue: string;
	/** Lines with ANSI colours, as Jupyter shows them; frames of the kernel itself are left out. */
	readonly traceback: readonly string[];
}

export interface CellCompletion {
	readonly text: string;
	/** `function`, `property`, `keyword`, `column`, … */
	readonly type: string;
	/** Its type in the words of its language, or null. */
	readonly signature: string | null;
}

export interface CellCompletions {
	/** UTF-16 offsets in the code that a completion replaces. */
	readonly start: number;
	readonly end: number;
	readonly items: readonly CellCompletion[];
}

export type Completeness =
	| { readonly status: 'complete' | 'invalid' | 'unknown' }
	| { readonly status: 'incomplete'; readonly indent: string };

/** Runs and explains the cells of one notebook. Offsets are UTF-16; the session converts the protocol's code points. */
export interface NotebookEngine {
	execute(request: CellRequest): Promise<CellResult>;
	/** Values of expressions after a cell, for `user_expressions`. */
	evaluate(expression: string): Promise<CellResult>;
	complete(code: string, offset: number): Promise<CellCompletions>;
	/** Markdown and plain text about what stands at the offset, or null. `detail` 1 adds the source where it is known. */
	inspect(code: string, offset: number, detail: 0 | 1): Promise<DisplayData | null>;
	isComplete(code: string): Promise<Completeness>;
	/** Ends helpers of the engine (the type checker's process, models); the kernel is going down. */
	close(): Promise<void>;
}
