import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listModels, pullModel } from '../../stdlib/models/pull.ts';

export const MODEL = 'smollm2-135m-instruct';
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bin = join(root, '.venv', 'bin');
export const PYTHON = join(bin, 'python');

/** Something that a conformance test needs, or why it is not here. */
export type Needed<T> = { readonly here: T } | { readonly missing: string };

export interface RunningServer {
	readonly origin: string;
	stop(): void;
}

/** The small model and llama.cpp; fetched when CI asks for everything. */
export async function smallModel(): Promise<Needed<string>> {
	const found = listModels().find((model) => model.name === MODEL);
	if (!found && process.env.CI !== 'true')
		return { missing: `${MODEL} is not here; \`assay models pull ${MODEL}\`` };
	try {
		return { here: (await pullModel(MODEL)).path };
	} catch (error) {
		return { missing: (error as Error).message };
	}
}

/** llama-cpp-python's server with the small model. */
export async function llamaServer(): Promise<Needed<RunningServer>> {
	const model = await smallModel();
	if ('missing' in model) return model;
	if (!existsSync(PYTHON)) return { missing: 'llama-cpp-python is not here; run test/conformance/setup.sh' };
	const port = await freePort();
	const settings = {
		model: model.here,
		host: '127.0.0.1',
		port: String(port),
		n_ctx: '1024',
		n_threads: '1',
		n_threads_batch: '1',
		logits_all: 'true',
		verbose: 'false',
		interrupt_requests: 'false',
		model_alias: 'smol',
	};
	const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
	return start(PYTHON, ['-m', 'llama_cpp.server', ...args], port, '/v1/models');
}

/** The litellm proxy, which speaks Anthropic's protocol before an OpenAI server and asks for `key`. */
export async function litellmProxy(openaiOrigin: string, key: string): Promise<Needed<RunningServer>> {
	if (!existsSync(join(bin, 'litellm')))
		return { missing: 'litellm is not here; run test/conformance/setup.sh' };
	const port = await freePort();
	const config = join(mkdtempSync(join(tmpdir(), 'assay-litellm-')), 'config.json');
	// JSON is YAML. `hosted_vllm` is litellm's name for any server with OpenAI's chat completions.
	const backend = { model: 'hosted_vllm/smol', api_base: `${openaiOrigin}/v1`, api_key: 'none' };
	writeFileSync(config, JSON.stringify({ model_list: [{ model_name: 'smol', litellm_params: backend }] }));
	return start(
		join(bin, 'litellm'),
		['--config', config, '--host', '127.0.0.1', '--port', String(port)],
		port,
		'/health/liveliness',
		{ LITELLM_MASTER_KEY: key },
	);
}

const START_SECONDS = 120;

async function start(
	command: string,
	args: readonly string[],
	port: number,
	ready: string,
	env: Readonly<Record<string, string>> = {},
): Promise<Needed<RunningServer>> {
	const child = spawn(command, args, {
		cwd: tmpdir(),
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True', ...env },
	});
	let said = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-3000);
		});
	}
	const origin = `http://127.0.0.1:${port}`;
	const deadline = Date.now() + START_SECONDS * 1000;
	while (Date.now() < deadline) {
		if (child.exitCode !== null)
			return { missing: `${command} ended at once: ${said.trim().split('\n').at(-1)}` };
		if (await answers(`${origin}${ready}`)) return { here: { origin, stop: () => stop(child) } };
		await new Promise((resolve) => setTimeout(resolve, 300));
	}
	stop(child);
	return { missing: `${command} did not answer within ${START_SECONDS} s: ${said}` };
}

const stop = (child: ChildProcess): void => {
	child.kill('SIGKILL');
};

async function answers(url: string): Promise<boolean> {
	try {
		return (await fetch(url)).ok;
	} catch {
		return false;
	}
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}
