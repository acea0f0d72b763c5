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
	/**
	 * Shows what is written to files while this thread is blocked, until the function that it returns is called. Absent
	 * where nothing else can show it.
	 */
	follow?(files: readonly FollowedFile[]): () => void;
	/** Asks the person at the front end. Rejects with a `UserError` where the front end takes no input. */
	input(prompt: string, options: { readonly password: boolean }): Promise<string>;
}

/** An open file whose content is text of one of a cell's streams. */
export interface FollowedFile {
	readonly fd: number;
	readonly name: 'stdout' | 'stderr';
}

export interface CellRequest {
	readonly code: string;
	/** The number in `In [3]`. A silent cell has the number of the cell before it. */
	readonly executionCount: number;
	readonly silent: boolean;
	readonly output: CellOutput;
	/**
	 * Aborted by an interrupt. The cell should then settle with an error; one that has not within two seconds is given
	 * up, and a loop that never comes back to the event loop is ended from outside, after which nothing of it goes on.
	 */
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

/** What the kernel gives an engine when it makes it. */
export interface KernelHost {
	/** The folder of the notebook, absolute. */
	readonly folder: string;
	readonly comms: Comms;
	/**
	 * Where what runs right now shows its output: followed through promises and timers. Outside of any cell it is the
	 * output of the cell that ran last. `process.stdout` and `process.stderr`, and with them Node's `console`, write there.
	 */
	output(): CellOutput;
}

/** Makes the engine of a kernel; called once, after `kernel_info` can be answered. */
export type CreateEngine = (host: KernelHost) => Promise<NotebookEngine>;

/** Channels between a cell and a widget at the front end. */
export interface Comms {
	/** Opens a channel to the target that a front end registered under this name. */
	open(target: string, options?: CommMessage): Comm;
	/** `opened` is called for every channel that a front end opens to this name. */
	register(target: string, opened: (comm: Comm, message: CommMessage) => void): void;
	unregister(target: string): void;
}

export interface Comm {
	readonly id: string;
	readonly target: string;
	send(message: CommMessage): void;
	/** Ends the channel on both sides; nothing happens on one that is closed. */
	close(message?: CommMessage): void;
	onMessage(listener: (message: CommMessage) => void): void;
	onClose(listener: (message: CommMessage) => void): void;
}

export interface CommMessage {
	readonly data?: Readonly<Record<string, unknown>>;
	readonly metadata?: Readonly<Record<string, unknown>>;
	readonly buffers?: readonly Uint8Array[];
}

/**
 * Runs and explains the cells of one notebook. Offsets are UTF-16; the session converts the protocol's code points.
 * One cell runs at a time; `complete`, `inspect`, `isComplete` and `describe` are also called while one is waiting.
 */
export interface NotebookEngine {
	execute(request: CellRequest): Promise<CellResult>;
	/** What was thrown where no cell was there to catch it, in the form of a cell's error. Must not throw. */
	describe(thrown: unknown): CellError;
	/** Values of expressions after a cell, for `user_expressions`. */
	evaluate(expression: string): Promise<CellResult>;
	complete(code: string, offset: number): Promise<CellCompletions>;
	/** Markdown and plain text about what stands at the offset, or null. `detail` 1 adds the source where it is known. */
	inspect(code: string, offset: number, detail: 0 | 1): Promise<DisplayData | null>;
	isComplete(code: string): Promise<Completeness>;
	/**
	 * What ran was ended from outside, because it never came back to the event loop. Promises that were waited for at that
	 * moment may never settle: drop locks, forget what was under way. The cell has been answered.
	 */
	terminated(): void;
	/** Ends helpers of the engine (the type checker's process, models); the kernel is going down. */
	close(): Promise<void>;
}
