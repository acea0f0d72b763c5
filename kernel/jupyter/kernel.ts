import { MessageChannel, Worker } from 'node:worker_threads';
import type { CreateEngine } from './contracts.ts';
import { realExit } from './guards.ts';
import type { ToCells, ToWire, WireData } from './wire/port.ts';

/** How long the engine and the history may take to close. */
const CLOSE_MS = 1000;

/**
 * Starts a kernel on this process. The sockets come first, on a thread of their own, so that `kernel_info` is answered
 * while the session and the engine are still loading.
 */
export async function startKernel(
	connectionFile: string,
	loadEngine: () => Promise<CreateEngine>,
): Promise<void> {
	// A channel of its own: what comes before the session listens waits in it.
	const { port1: port, port2 } = new MessageChannel();
	const workerData: WireData = { connectionFile, port: port2 };
	const wire = new Worker(new URL('./wire/worker.ts', import.meta.url), {
		workerData,
		transferList: [port2],
	});
	// Both threads have it by now; programs that cells start should not.
	delete process.env.NODE_COMPILE_CACHE;
	wire.on('error', (error) => {
		process.stderr.write(`assay kernel: ${error.stack ?? error.message}\n`);
		endProcess(1);
	});
	wire.on('exit', () => endProcess(0));
	const post = (message: ToWire): void => port.postMessage(message);
	const { openSession } = await import('./session/open.ts');
	const session = await openSession(post, loadEngine);
	port.on('message', (message: ToCells) => {
		if (message.kind !== 'shutdown') {
			session.receive(message);
			return;
		}
		post({ kind: 'here' });
		Promise.race([session.close(), sleep(CLOSE_MS)]).finally(() => post({ kind: 'close' }));
	});
}

/** Takes along what cells started: Jupyter makes every kernel the leader of a group of processes. */
function endProcess(code: number): void {
	process.on('SIGTERM', () => {});
	try {
		process.kill(-process.pid, 'SIGTERM');
	} catch {
		// Not the leader of a group: whoever started this process takes care of its children.
	}
	realExit(code);
}

const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));
