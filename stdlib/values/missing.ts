/** Why a cell has no value. None of these is "wrong" and none is zero. */
export type MissingReason =
	/** The call or the computation failed; `message` says how. */
	| 'failed'
	/** The model answered, but no answer could be read from it. */
	| 'unparsed'
	/** The model declined to answer. */
	| 'refused'
	/** The data has no value there. */
	| 'absent';

/**
 * A cell without a value. Every operation on a missing value is that missing value; aggregates leave it out and
 * count it apart.
 */
export class Missing {
	readonly reason: MissingReason;
	readonly message: string;
	/** Machine-readable kind of a failure: a `CallErrorKind` or `row-error`. */
	readonly code: string | null;

	constructor(reason: MissingReason, message: string, code: string | null = null) {
		this.reason = reason;
		this.message = message;
		this.code = code;
	}
}

export const isMissing = (value: unknown): value is Missing => value instanceof Missing;
