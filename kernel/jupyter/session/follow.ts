import type { FollowedFile } from '../contracts.ts';
import { shared } from '../shared.ts';
import type { ToWire } from '../wire/port.ts';

/** The other thread answers at once; without it this one must not wait forever. */
const PATIENCE_MS = 5000;

/** Has the thread with the sockets show what is written to files, while this one is blocked; the result ends that. */
export function follow(
	files: readonly FollowedFile[],
	{ parent, post }: { readonly parent: string; readonly post: (message: ToWire) => void },
): () => void {
	shared.isShown[0] = 0;
	post({ kind: 'follow', files, parent });
	return () => {
		post({ kind: 'followed' });
		Atomics.wait(shared.isShown, 0, 0, PATIENCE_MS);
	};
}
