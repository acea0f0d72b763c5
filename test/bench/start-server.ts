import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';

export interface LoopbackServer {
	readonly url: string;
	/** Requests answered so far. */
	served(): Promise<number>;
	stop(): void;
}

export async function startServer(latencyMs: number): Promise<LoopbackServer> {
	const child = spawn(
		process.execPath,
		[fileURLToPath(new URL('./loopback-server.ts', import.meta.url)), String(latencyMs)],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
	const url = `http://127.0.0.1:${chunk.toString().trim()}`;
	return {
		url,
		served: async () => Number(await (await request(`${url}/served`)).body.text()),
		stop: () => child.kill(),
	};
}
