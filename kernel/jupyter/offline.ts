import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import workers from 'node:worker_threads';
import { UserError } from '../../stdlib/define.ts';

const PRELOAD = fileURLToPath(new URL('./offline-worker.ts', import.meta.url));

/**
 * From now on nothing in this process, nor in threads that it starts, reaches a network, this machine's own addresses
 * included: a server here may ask others. Pipes and sockets in the file system go on. It is for notebooks that should
 * prove to need no network; programs that a cell starts are not held by it.
 */
export function goOffline(): void {
	guardConnect();
	guardNames();
	const refuseFetch = async (input: unknown): Promise<never> => {
		throw refusal(String((input as { url?: unknown } | null)?.url ?? input));
	};
	globalThis.fetch = refuseFetch as typeof fetch;
	dgram.Socket.prototype.send = refuse('a datagram');
	dgram.Socket.prototype.connect = refuse('a datagram socket');
	guardThreads();
	syncBuiltinESMExports();
}

const refusal = (wanted: string): UserError =>
	new UserError(
		`${wanted} cannot be reached: this kernel runs without network`,
		'what a packed notebook needs must be in its pack: calls in its cassette, data in files beside it',
	);

const refuse = (what: string) => (): never => {
	throw refusal(what);
};

function guardConnect(): void {
	const { connect } = net.Socket.prototype;
	net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
		const wanted = addressOf(args);
		if (wanted !== null) throw refusal(wanted);
		return Reflect.apply(connect, this, args) as net.Socket;
	} as typeof connect;
}

/** The address that the arguments of `connect` name; null for a path in the file system. */
function addressOf(args: readonly unknown[]): string | null {
	// Node's own callers hand over an array of arguments that they have put in order.
	const [first, host] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
	if (typeof first === 'string' && Number.isNaN(Number(first))) return null;
	if (typeof first !== 'object' || first === null)
		return `${typeof host === 'string' ? host : 'localhost'}:${String(first)}`;
	const options = first as { path?: unknown; host?: unknown; port?: unknown };
	const isPath = typeof options.path === 'string' && options.port === undefined;
	return isPath ? null : `${String(options.host ?? 'localhost')}:${String(options.port)}`;
}

function guardNames(): void {
	for (const api of [dns, dns.promises] as unknown as Record<string, unknown>[])
		for (const name of Object.keys(api))
			if (/^(?:lookup|resolve|reverse)/.test(name)) api[name] = refuse('a name server');
}

function guardThreads(): void {
	const { Worker } = workers;
	workers.Worker = class extends Worker {
		constructor(file: string | URL, options: workers.WorkerOptions = {}) {
			super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--require', PRELOAD] });
		}
	};
}
