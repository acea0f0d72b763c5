import type { CreateEngine, NotebookEngine } from '../contracts.ts';
import { guardProcess } from '../guards.ts';
import type { ToWire } from '../wire/port.ts';
import { fault } from './cell-errors.ts';
import { DeferredHistory, openUserHistory } from './deferred-history.ts';
import { Session } from './session.ts';

/** The session of this process, with the process's own faults guarded. */
export function openSession(
	post: (message: ToWire) => void,
	loadEngine: () => Promise<CreateEngine>,
): Session {
	const history = new DeferredHistory(openUserHistory);
	const session = new Session({ post, folder: process.cwd(), loadEngine, history });
	let engine: NotebookEngine | null = null;
	session.engine.then(
		(loaded) => {
			engine = loaded;
		},
		() => {},
	);
	guardProcess({
		output: () => session.output(),
		describe: (thrown) => (engine ? engine.describe(thrown) : fault(thrown)),
	});
	return session;
}
