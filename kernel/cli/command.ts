/** Exit codes, the same for every command; `assay help exit-codes` prints them. */
export const EXIT = {
	done: 0,
	/** The program has errors, or a check found something. */
	problems: 1,
	/** The command line is wrong. */
	usage: 2,
	/** The run ended with rows or steps that failed. */
	failures: 3,
	/** A budget stopped the run. */
	budget: 4,
	/** Something that is needed is not here: data, a model, a key, a store that can be written. */
	unavailable: 5,
	/** A fault of Assay's own. */
	internal: 70,
	/** Interrupted; finished calls are kept. */
	interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Option {
	readonly name: string;
	readonly short?: string;
	/** What stands after it in help, `<file>`; absent for a switch. */
	readonly value?: string;
	readonly many?: boolean;
	readonly summary: string;
}

export interface Command {
	readonly name: string;
	/** `<study.assay>`, `[name]` … */
	readonly operands: string;
	readonly summary: string;
	/** Paragraphs and examples below the options. */
	readonly details: string;
	readonly options: readonly Option[];
	/** Sub-words completed in the shell, e.g. `pull` of `models`. */
	readonly words?: readonly string[];
	load(): Promise<Action>;
}

export interface Invocation {
	readonly operands: readonly string[];
	/** Switches are true, valued options text, repeatable ones lists. */
	readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
	readonly terminal: Terminal;
}

export type Action = (invocation: Invocation) => Promise<ExitCode>;

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
	readonly out: NodeJS.WriteStream;
	readonly err: NodeJS.WriteStream;
	readonly color: boolean;
	readonly columns: number;
}

export const textOption = (invocation: Invocation, name: string): string | null => {
	const value = invocation.options[name];
	return typeof value === 'string' ? value : null;
};

export const listOption = (invocation: Invocation, name: string): readonly string[] => {
	const value = invocation.options[name];
	return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
};

export const flag = (invocation: Invocation, name: string): boolean => invocation.options[name] === true;

/** A command line that cannot be understood. */
export class UsageError extends Error {
	readonly help: string | null;

	constructor(message: string, help: string | null = null) {
		super(message);
		this.name = 'UsageError';
		this.help = help;
	}
}
