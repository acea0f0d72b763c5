import { ComputeError } from './compute-error.ts';

/** More memory was asked for than there is: says how much, by what. The process goes on. */
export class OutOfMemoryError extends ComputeError {
	readonly askedBytes: number;

	/** @param there what there is instead; by default what this process can still take */
	constructor(
		askedBytes: number,
		what: string,
		cause?: unknown,
		there = `${gibibytes(availableBytes())} are available`,
	) {
		super(
			`out of memory: ${what} asked for ${gibibytes(askedBytes)}, ${there}`,
			'Use a smaller batch or a smaller network, or dispose of tensors that are no longer needed.',
			cause,
		);
		this.name = 'OutOfMemoryError';
		this.askedBytes = askedBytes;
	}
}

/** What this process can still take: of the machine or of the container it runs in. */
export const availableBytes = (): number => process.availableMemory();

export function gibibytes(bytes: number): string {
	if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KiB`;
	return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
