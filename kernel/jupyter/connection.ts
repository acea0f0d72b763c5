import { readFileSync } from 'node:fs';

/** What a connection file says: where the front end's sockets are, and the key that signs messages. */
export interface Connection {
	readonly transport: 'tcp' | 'ipc';
	readonly ip: string;
	readonly ports: Readonly<Record<Channel, number>>;
	/** Empty where messages are not signed. */
	readonly key: string;
	/** The hash of the HMAC, as `node:crypto` names it. */
	readonly hash: string;
}

export const CHANNELS = ['shell', 'control', 'iopub', 'stdin', 'hb'] as const;
export type Channel = (typeof CHANNELS)[number];

/** @throws Error that says what is wrong with the file */
export function readConnection(path: string): Connection {
	const told = parse(path);
	const ports = Object.fromEntries(CHANNELS.map((channel) => [channel, portOf(told, channel, path)]));
	const transport = told.transport ?? 'tcp';
	if (transport !== 'tcp' && transport !== 'ipc')
		throw new Error(`${path}: transport is ${JSON.stringify(transport)}, not "tcp" or "ipc"`);
	return {
		transport,
		ip: typeof told.ip === 'string' ? told.ip : '127.0.0.1',
		ports: ports as Record<Channel, number>,
		key: typeof told.key === 'string' ? told.key : '',
		hash: hashOf(told.signature_scheme, path),
	};
}

function parse(path: string): Readonly<Record<string, unknown>> {
	const told: unknown = JSON.parse(readFileSync(path, 'utf8'));
	if (typeof told !== 'object' || told === null) throw new Error(`${path}: not a JSON object`);
	return told as Record<string, unknown>;
}

function portOf(told: Readonly<Record<string, unknown>>, channel: Channel, path: string): number {
	const port = told[`${channel}_port`];
	if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port < 65536) return port;
	throw new Error(`${path}: ${channel}_port is ${JSON.stringify(port)}, not a port`);
}

function hashOf(scheme: unknown, path: string): string {
	if (scheme === undefined) return 'sha256';
	if (typeof scheme === 'string' && scheme.startsWith('hmac-')) return scheme.slice('hmac-'.length);
	throw new Error(`${path}: signature_scheme is ${JSON.stringify(scheme)}, not "hmac-…"`);
}

/** `tcp://127.0.0.1:5555`, or `ipc:///tmp/kernel-1`. */
export function endpoint(connection: Connection, channel: Channel): string {
	const { transport, ip } = connection;
	const port = connection.ports[channel];
	return transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
}
