import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../../stdlib/define.ts';

type Params = Readonly<Record<string, unknown>>;

interface Message {
	readonly id?: number;
	readonly method?: string;
	readonly params?: { readonly items?: readonly { readonly section?: string }[] };
	readonly result?: unknown;
	readonly error?: { readonly message: string };
}

interface Pending {
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
}

/** Searching every package for names to import took the server 3 s; a notebook's cell is not a project. */
const CONFIGURATION = {
	suggest: { autoImports: false },
	preferences: { includeCompletionsForModuleExports: false },
};

/** TypeScript's native language server as a child process, spoken to in JSON-RPC over its standard streams. */
export class LanguageServer {
	private readonly process: ChildProcessWithoutNullStreams;
	private readonly pending = new Map<number, Pending>();
	private received: Buffer = Buffer.alloc(0);
	private nextId = 1;
	private ended: Error | null = null;
	private complaint = '';

	constructor() {
		this.process = spawn(executable(), ['--lsp', '--stdio'], { stdio: 'pipe' });
		this.process.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
		this.process.stderr.on('data', (chunk: Buffer) => {
			this.complaint = `${this.complaint}${chunk}`.slice(-2000);
		});
		this.process.stdin.on('error', () => {});
		this.process.on('error', (error) => this.end(error.message));
		this.process.on('exit', () => this.end(this.complaint));
	}

	get alive(): boolean {
		return this.ended === null;
	}

	get pid(): number | undefined {
		return this.process.pid;
	}

	/** Rejects where the server answers with an error or ends. */
	request(method: string, params: Params): Promise<unknown> {
		if (this.ended) return Promise.reject(this.ended);
		const id = this.nextId++;
		const answer = new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
		this.send({ id, method, params });
		return answer;
	}

	notify(method: string, params: Params): void {
		if (this.ended === null) this.send({ method, params });
	}

	close(): void {
		this.end('it was closed');
		this.process.kill('SIGKILL');
	}

	/** What `work` sends is written at once, so that a change and the questions about it arrive together. */
	batch<T>(work: () => T): T {
		this.process.stdin.cork();
		try {
			return work();
		} finally {
			this.process.stdin.uncork();
		}
	}

	private send(message: object): void {
		const text = JSON.stringify({ jsonrpc: '2.0', ...message });
		this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
	}

	private receive(chunk: Buffer): void {
		this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
		for (;;) {
			const headerEnd = this.received.indexOf('\r\n\r\n');
			if (headerEnd < 0) return;
			const header = this.received.toString('latin1', 0, headerEnd);
			const length = Number(/Content-Length: (\d+)/i.exec(header)?.[1]);
			const end = headerEnd + 4 + length;
			if (this.received.length < end) return;
			const message = JSON.parse(this.received.toString('utf8', headerEnd + 4, end)) as Message;
			this.received = this.received.subarray(end);
			this.accept(message);
		}
	}

	private accept(message: Message): void {
		if (message.id === undefined) return;
		if (message.method !== undefined) {
			this.send({ id: message.id, result: answerTo(message) });
			return;
		}
		const pending = this.pending.get(message.id);
		this.pending.delete(message.id);
		if (message.error) pending?.reject(new Error(message.error.message));
		else pending?.resolve(message.result);
	}

	private end(why: string): void {
		this.ended ??= new UserError(
			`the type checker ended: ${why.trim().split('\n')[0] || 'it gave no reason'}`,
			'run the cell again; a new one is started',
		);
		for (const { reject } of this.pending.values()) reject(this.ended);
		this.pending.clear();
	}
}

function answerTo(message: Message): unknown {
	if (message.method !== 'workspace/configuration') return null;
	const sections = message.params?.items ?? [];
	return sections.map(({ section }) => (section === 'editor' ? null : CONFIGURATION));
}

function executable(): string {
	const require = createRequire(import.meta.url);
	// Its JavaScript face runs a second Node process in between; the platform's package holds the program itself.
	const typescript = createRequire(require.resolve('typescript/package.json'));
	const platform = `@typescript/typescript-${process.platform}-${process.arch}`;
	try {
		const name = process.platform === 'win32' ? 'tsc.exe' : 'tsc';
		return join(dirname(typescript.resolve(`${platform}/package.json`)), 'lib', name);
	} catch (cause) {
		throw new UserError(
			`the package ${platform} is not installed, so cells cannot be type-checked`,
			'install Assay again with optional dependencies',
			cause,
		);
	}
}
