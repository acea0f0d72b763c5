/** An error of tensor work that the user can mend: what is wrong, and in `help` what to do. */
export class ComputeError extends Error {
	readonly help: string | null;

	constructor(message: string, help: string | null = null, cause?: unknown) {
		super(message, { cause });
		this.name = 'ComputeError';
		this.help = help;
	}
}
