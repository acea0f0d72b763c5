import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { CreateEngine } from './contracts.ts';
import { realExit } from './real-exit.ts';
import type { Session } from './session/session.ts';
import { shared } from './shared.ts';
import type { ToCells, ToWire, WireData } from './wire/port.ts';

/** How long the engine and the history may take to close. */
const CLOSE_MS = 1000;
/** When what was compiled is written to its cache: a kernel that is killed would keep nothing. */
const CACHE_MS = 5000;

/**
 * Starts a kernel on this process. The sockets come first, on a thread of their own, so that `kernel_info` is answered
 * while the session and the engine are still loading.
 */
export async function startKernel(
	connectionFile: string,
	loadEngine: () => Promise<CreateEngine>,
): Promise<void> {
	let session: Session | null = null;
	// Before the other thread watches for it, and takes it away: for Nodes in which it cannot.
	process.on('SIGINT', () => session?.interrupt());
	// A channel of its own: what comes before the session listens waits in it.
	const { port1: port, port2 } = new MessageChannel();
	const workerData: WireData = { connectionFile, port: port2, shared };
	const wire = new Worker(new URL('./wire/worker.ts', import.meta.url), {
		workerData,
		transferList: [port2],
	});
	// Both threads have it by now; programs that cells start should not.
	delete process.env.NODE_COMPILE_CACHE;
	wire.on('error', (error) => {
		writeSync(2, `assay kernel: ${error.stack ?? error.message}\n`);
		endProcess(1);
	});
	wire.on('exit', endProcess);
	const post = (message: ToWire): void => port.postMessage(message);
	const { openSession } = await import('./session/open.ts');
	const bound = Promise.withResolvers<void>();
	// The engine would take the processor from the sockets, and a front end has a lot to do once they are there.
	const opened = openSession(post, () => bound.promise.then(loadEngine));
	session = opened;
	const shutDown = (): void => {
		Promise.race([opened.close(), sleep(CLOSE_MS)]).finally(() => post({ kind: 'close' }));
	};
	process.on('SIGTERM', shutDown);
	port.on('message', (message: ToCells) => {
		if (message.kind === 'bound') bound.resolve();
		else if (message.kind === 'shutdown') {
			post({ kind: 'here' });
			shutDown();
		} else opened.receive(message);
	});
	setTimeout(flushCompileCache, CACHE_MS).unref();
}

/** Takes along what cells started: Jupyter makes every kernel the leader of a group of processes. */
function endProcess(code: number): void {
	process.removeAllListeners('SIGTERM').on('SIGTERM', () => {});
	try {
		process.kill(-process.pid, 'SIGTERM');
	} catch {
		// Not the leader of a group: whoever started this process takes care of its children.
	}
	realExit(code);
}

const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));
