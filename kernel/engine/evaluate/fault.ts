import { UserError } from '../../../stdlib/define.ts';

/** A computation that gave no value: what went wrong, and where in the program. */
export class Fault extends Error {
	/** Index into the plan's spans, or null where it is not known. */
	readonly loc: number | null;
	readonly help: string | null;

	constructor(message: string, loc: number | null, help: string | null = null, cause?: unknown) {
		super(message, { cause });
		this.name = 'Fault';
		this.loc = loc;
		this.help = help;
	}
}

/** The innermost place wins: an error that already knows where it happened is kept. */
export function located(error: unknown, loc: number | undefined): Fault {
	if (error instanceof Fault) return error;
	const message = error instanceof Error ? error.message : String(error);
	const help = error instanceof UserError ? error.help : null;
	return new Fault(message, loc ?? null, help, error);
}
