import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHANNELS, type Connection, readConnection } from '../connection.ts';
import { type KernelCommand, kernelCommand } from '../launch.ts';

export interface KernelProcessOptions {
	/** The folder the kernel runs in: that of the notebook. */
	readonly folder: string;
	readonly env?: NodeJS.ProcessEnv;
	readonly command?: KernelCommand;
	readonly transport?: 'tcp' | 'ipc';
}

/** A kernel's process, started as Jupyter starts one: with a connection file, and as the leader of its group. */
export class KernelProcess {
	readonly connection: Connection;
	readonly child: ChildProcess;
	/** Its exit code, or the signal that ended it. */
	readonly ended: Promise<number | NodeJS.Signals>;
	/** What it wrote to its log, the latest 10,000 characters. */
	log = '';

	private constructor(connection: Connection, child: ChildProcess, folder: string) {
		this.connection = connection;
		this.child = child;
		child.stderr?.on('data', (chunk: Buffer) => {
			this.log = (this.log + chunk).slice(-10_000);
		});
		const remove = (): void => rmSync(folder, { recursive: true, force: true });
		// Whoever is ended in a hurry leaves no kernel that goes on; before others tidy up what it writes to.
		const abandon = (): void => {
			this.kill();
			remove();
		};
		process.prependOnceListener('exit', abandon);
		this.ended = new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', (code, signal) => {
				process.off('exit', abandon);
				remove();
				resolve(signal ?? code ?? 0);
			});
		});
	}

	static async start(options: KernelProcessOptions): Promise<KernelProcess> {
		const { folder, env = process.env, command = kernelCommand() } = options;
		const own = mkdtempSync(join(tmpdir(), 'assay-client-'));
		const file = join(own, 'connection.json');
		const transport = options.transport ?? (process.platform === 'win32' ? 'tcp' : 'ipc');
		writeFileSync(file, JSON.stringify(await connectionFor(transport, own)), { mode: 0o600 });
		const [node = process.execPath, ...args] = command.argv;
		const child = spawn(node, [...args, file], {
			cwd: folder,
			env: { ...env, ...command.env, JPY_PARENT_PID: String(process.pid) },
			stdio: ['ignore', 'ignore', 'pipe'],
			detached: true,
		});
		return new KernelProcess(readConnection(file), child, own);
	}

	/** At once, with everything that it started. */
	kill(): void {
		try {
			if (this.child.pid) process.kill(-this.child.pid, 'SIGKILL');
		} catch {
			this.child.kill('SIGKILL');
		}
	}
}

async function connectionFor(transport: 'tcp' | 'ipc', folder: string): Promise<Record<string, unknown>> {
	const ports =
		transport === 'ipc' ? CHANNELS.map((_, index) => index + 1) : await freePorts(CHANNELS.length);
	return {
		transport,
		ip: transport === 'ipc' ? join(folder, 'kernel') : '127.0.0.1',
		key: randomUUID(),
		signature_scheme: 'hmac-sha256',
		...Object.fromEntries(CHANNELS.map((channel, index) => [`${channel}_port`, ports[index]])),
	};
}

/** Ports that are free now; all are held until the last is known, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(
		Array.from(
			{ length: count },
			() =>
				new Promise<ReturnType<typeof createServer>>((resolve) => {
					const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
				}),
		),
	);
	const ports = servers.map((server) => (server.address() as { port: number }).port);
	await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
	return ports;
}
