import type { FollowedFile } from '../contracts.ts';
import type { ToWire } from '../wire/port.ts';

/** Shared by the threads: becomes 1 when all that was written to followed files has been shown. */
export const isShown = new Int32Array(new SharedArrayBuffer(4));

/** The other thread answers at once; without it this one must not wait forever. */
const PATIENCE_MS = 5000;

/** Has the thread with the sockets show what is written to files, while this one is blocked; the result ends that. */
export function follow(
	files: readonly FollowedFile[],
	{ parent, post }: { readonly parent: string; readonly post: (message: ToWire) => void },
): () => void {
	isShown[0] = 0;
	post({ kind: 'follow', files, parent });
	return () => {
		post({ kind: 'followed' });
		Atomics.wait(isShown, 0, 0, PATIENCE_MS);
	};
}
