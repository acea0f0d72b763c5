/** Flags that a thread shares with the one that may end it. */
const INSIDE = 0;
const STOPPED = 1;

/** Memory for the flags of one thread. */
export const nativeCallFlags = (): SharedArrayBuffer =>
	new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);

let own: Int32Array | null = null;

/** In a thread that another one may end: says from now on when it is inside of a native call. */
export function announceNativeCalls(flags: SharedArrayBuffer): void {
	own = new Int32Array(flags);
}

/**
 * Runs a native call. A thread that is ended in one of ONNX Runtime takes the whole process with it, as the call comes back
 * to an engine that is gone.
 */
export function nativeCall<T>(call: () => T): T {
	if (!own) return call();
	Atomics.store(own, INSIDE, 1);
	try {
		waitIfStopped(own);
		return call();
	} finally {
		Atomics.store(own, INSIDE, 0);
		Atomics.notify(own, INSIDE);
		waitIfStopped(own);
	}
}

/** Here a thread can be ended. */
function waitIfStopped(flags: Int32Array): void {
	if (Atomics.load(flags, STOPPED) === 0) return;
	Atomics.store(flags, INSIDE, 0);
	Atomics.notify(flags, INSIDE);
	Atomics.wait(flags, STOPPED, 1);
}

/** In the other thread: from now on no native call begins there. Resolves when none is being made. */
export async function stopNativeCalls(buffer: SharedArrayBuffer): Promise<void> {
	const flags = stopped(buffer);
	while (Atomics.load(flags, INSIDE) === 1) await Atomics.waitAsync(flags, INSIDE, 1).value;
}

/** The same for a process that is about to exit, and cannot wait otherwise. */
export function stopNativeCallsNow(buffer: SharedArrayBuffer): void {
	const flags = stopped(buffer);
	while (Atomics.load(flags, INSIDE) === 1) Atomics.wait(flags, INSIDE, 1);
}

function stopped(buffer: SharedArrayBuffer): Int32Array {
	const flags = new Int32Array(buffer);
	Atomics.store(flags, STOPPED, 1);
	return flags;
}
