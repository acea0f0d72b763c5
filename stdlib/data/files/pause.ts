/** Lets other work run, and stops when the run was stopped. */
export async function pause(signal?: AbortSignal): Promise<void> {
	await new Promise((resume) => setImmediate(resume));
	signal?.throwIfAborted();
}
