import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { readConnection } from '../connection.ts';
import type { ToCells, ToWire, WireData } from './port.ts';
import { Wire } from './wire.ts';

/** The thread with the sockets: it answers while the thread with the cells is blocked. */
const { connectionFile, port, shared } = workerData as WireData;
try {
	const post = (message: ToCells): void => port.postMessage(message);
	const wire = new Wire(readConnection(connectionFile), post, shared);
	await wire.open();
	port.on('message', (message: ToWire) => wire.fromCells(message));
	setTimeout(flushCompileCache, 5000).unref();
} catch (error) {
	writeSync(2, `assay kernel: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
}
