/** How long work may go on without a turn of the event loop, in milliseconds. */
const SLICE_MS = 20;

/**
 * Lets timers, sockets and interrupts in between pieces of work: what is read from a device of this process is there at once,
 * so that awaiting it gives nobody else a turn. A piece of work itself, such as one step, is not interrupted.
 */
export class Breathing {
	private turnedAt = performance.now();

	/** A turn of the event loop, when the last one was 20 ms ago. @returns whether it took one */
	async turn(): Promise<boolean> {
		if (performance.now() - this.turnedAt < SLICE_MS) return false;
		await new Promise<void>((resolve) => setImmediate(resolve));
		this.turnedAt = performance.now();
		return true;
	}
}
