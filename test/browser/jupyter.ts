import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '../..');
const venv = join(root, '.venv-jupyter');
const cli = fileURLToPath(new URL('../../kernel/cli.ts', import.meta.url));

export interface JupyterServer {
	readonly origin: string;
	/** The folder that it shows, with the notebooks in it. */
	readonly folder: string;
	stop(): Promise<void>;
}

/** A Jupyter that tests may find: its program, and the prefix that Assay is installed in for it. */
export interface Jupyter {
	readonly command: readonly [string, ...string[]];
	/** null where a prefix of its own is used, so that the system's folders stay as they are. */
	readonly prefix: string | null;
	readonly missing: string;
	/** The name under which its settings stand on the command line. */
	readonly app: 'ServerApp' | 'NotebookApp';
}

export const LAB: Jupyter = {
	command: [join(venv, 'bin', 'jupyter-lab')],
	prefix: venv,
	missing: 'there is no JupyterLab here; sh test/helpers/setup-jupyter.sh brings it',
	app: 'ServerApp',
};

/** Notebook 6, as Debian 12 has it. */
export const CLASSIC: Jupyter = {
	command: ['/usr/bin/jupyter-notebook'],
	prefix: null,
	missing: 'there is no classic Notebook here; `apt-get install jupyter-notebook` brings it',
	app: 'NotebookApp',
};

export const isHere = ({ command: [program] }: Jupyter): boolean => existsSync(program);

const START_SECONDS = 120;

/** Installs Assay as a user would, and starts the server on a copy of the notebooks. */
export async function startJupyter(
	{ command, prefix, app }: Jupyter,
	env: NodeJS.ProcessEnv,
): Promise<JupyterServer> {
	const scratch = mkdtempSync(join(tmpdir(), 'assay-jupyter-'));
	const folder = join(scratch, 'work');
	mkdirSync(folder);
	cpSync(join(root, 'notebooks', 'quickstart.ipynb'), join(folder, 'quickstart.ipynb'));
	cpSync(join(root, 'examples', 'bbq.assay'), join(folder, 'bbq.assay'));
	const installed = prefix ?? join(scratch, 'prefix');
	execFileSync(process.execPath, [cli, 'install', '--prefix', installed], { stdio: 'pipe' });

	const port = await freePort();
	const [program, ...first] = command;
	const settings = {
		ip: '127.0.0.1',
		port,
		port_retries: 0,
		token: '',
		password: '',
		open_browser: 'False',
		allow_root: 'True',
	};
	const args = Object.entries(settings).map(([name, value]) => `--${app}.${name}=${value}`);
	const server = spawn(program, [...first, ...args], {
		cwd: folder,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			...process.env,
			// Nothing of whoever runs the tests: settings, workspaces, other kernels.
			HOME: scratch,
			JUPYTER_PATH: join(installed, 'share', 'jupyter'),
			ASSAY_DATA: '',
			...env,
		},
	});
	const origin = `http://127.0.0.1:${port}`;
	await answering(server, `${origin}/api`);
	const stop = async (): Promise<void> => {
		const over = new Promise((done) => server.once('exit', done));
		server.kill('SIGTERM');
		const force = setTimeout(() => server.kill('SIGKILL'), 20_000);
		if (server.exitCode === null) await over;
		clearTimeout(force);
		rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	};
	return { origin, folder, stop };
}

interface RunningKernel {
	readonly execution_state: string;
	/** Pages that are connected to it. */
	readonly connections: number;
}

/** Until a kernel has started and is idle: a notebook that runs before that asks which kernel it is to have. */
export const kernelIdle = (server: JupyterServer): Promise<void> =>
	someKernel(server, ({ execution_state }) => execution_state === 'idle', 'idle');

/**
 * Until the page is connected to a kernel. Notebook 6 hears a kernel's state only when it subscribes before the kernel
 * speaks, so for it `starting` may stand there until the first cell runs; what its page shows is right.
 */
export const kernelConnected = (server: JupyterServer): Promise<void> =>
	someKernel(server, ({ connections }) => connections > 0, 'connected');

async function someKernel(
	{ origin }: JupyterServer,
	isReady: (kernel: RunningKernel) => boolean,
	state: string,
): Promise<void> {
	const deadline = Date.now() + START_SECONDS * 1000;
	while (Date.now() < deadline) {
		const response = await fetch(`${origin}/api/kernels`);
		// While a kernel starts, a server may answer with an error once.
		const kernels = response.ok ? ((await response.json()) as readonly RunningKernel[]) : [];
		if (kernels.some(isReady)) return;
		await new Promise((done) => setTimeout(done, 200));
	}
	throw new Error(`no kernel was ${state} within ${START_SECONDS} s`);
}

async function answering(server: ChildProcess, url: string): Promise<void> {
	let said = '';
	for (const stream of [server.stdout, server.stderr])
		stream?.on('data', (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-3000);
		});
	const deadline = Date.now() + START_SECONDS * 1000;
	while (Date.now() < deadline) {
		if (server.exitCode !== null) throw new Error(`Jupyter ended at once: ${said}`);
		const response = await fetch(url).catch(() => null);
		if (response?.ok) return;
		await new Promise((done) => setTimeout(done, 200));
	}
	server.kill('SIGKILL');
	throw new Error(`Jupyter did not answer within ${START_SECONDS} s: ${said}`);
}

function freePort(): Promise<number> {
	return new Promise((done, failed) => {
		const server = createServer();
		server.on('error', failed);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => done(typeof address === 'object' && address ? address.port : 0));
		});
	});
}
