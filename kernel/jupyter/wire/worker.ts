import { workerData } from 'node:worker_threads';
import { readConnection } from '../connection.ts';
import type { ToCells, ToWire, WireData } from './port.ts';
import { Wire } from './wire.ts';

/** The thread with the sockets: it answers while the thread with the cells is blocked. */
const { connectionFile, port } = workerData as WireData;
const wire = new Wire(readConnection(connectionFile), (message: ToCells) => port.postMessage(message));
await wire.open();
port.on('message', (message: ToWire) => wire.fromCells(message));
