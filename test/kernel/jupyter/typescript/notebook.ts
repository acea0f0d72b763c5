import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { CellError, CellOutput, CellResult, DisplayData } from '../../../../kernel/jupyter/contracts.ts';
import { cellScope } from '../../../../kernel/jupyter/scope.ts';
import {
	createTypeScriptEngine,
	type TypeScriptEngine,
	type TypeScriptEngineOptions,
} from '../../../../kernel/jupyter/typescript/engine.ts';

/** What one cell has shown, in the order in which it came. */
export class Shown implements CellOutput {
	stdout = '';
	stderr = '';
	readonly displays: (DisplayData & { displayId?: string; update?: boolean })[] = [];
	readonly questions: { prompt: string; password: boolean }[] = [];
	cleared: boolean[] = [];

	stream(name: 'stdout' | 'stderr', text: string): void {
		this[name] += text;
	}

	display(shown: DisplayData, options: { displayId?: string; update?: boolean } = {}): void {
		this.displays.push({ ...shown, ...options });
	}

	clear(wait: boolean): void {
		this.cleared.push(wait);
	}

	async input(prompt: string, { password }: { readonly password: boolean }): Promise<string> {
		this.questions.push({ prompt, password });
		return 'an answer';
	}
}

export interface Ran {
	readonly result: CellResult;
	readonly shown: Shown;
}

/** A folder with files, and the engine of a notebook in it. */
export class Notebook {
	readonly folder: string;
	readonly engine: TypeScriptEngine;
	private count = 0;

	constructor(files: Readonly<Record<string, string>> = {}, options: Partial<TypeScriptEngineOptions> = {}) {
		routeStreams();
		this.folder = mkdtempSync(join(tmpdir(), 'assay-notebook-'));
		for (const [path, text] of Object.entries(files)) this.write(path, text);
		this.engine = createTypeScriptEngine({ folder: this.folder, ...options });
	}

	write(path: string, text: string): void {
		const full = join(this.folder, path);
		mkdirSync(dirname(full), { recursive: true });
		writeFileSync(full, text);
	}

	async run(code: string, signal: AbortSignal = new AbortController().signal): Promise<Ran> {
		this.count += 1;
		const shown = new Shown();
		const request = { code, executionCount: this.count, silent: false, output: shown, signal };
		return { result: await this.engine.execute(request), shown };
	}

	/** The number of the cell that ran last. */
	get executionCount(): number {
		return this.count;
	}

	/** The plain text of a cell's value; undefined where it has none. Throws where the cell fails. */
	async value(code: string): Promise<string | undefined> {
		const { result } = await this.run(code);
		if (result.status === 'error') throw new Error(plain(result));
		return result.result?.data['text/plain'] as string | undefined;
	}

	/** The error with which a cell ends. Throws where it does not. */
	async error(code: string): Promise<CellError> {
		const { result } = await this.run(code);
		if (result.status === 'ok') throw new Error(`the cell ran: ${code}`);
		return result;
	}

	async close(): Promise<void> {
		await this.engine.close();
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** A traceback without its colours. */
export const plain = ({ traceback }: CellError): string => stripVTControlCharacters(traceback.join('\n'));

/** Marks the cursor in a text: `[code, offset]` of `'Math.fl|'`. */
export function cursor(marked: string): [string, number] {
	const offset = marked.indexOf('|');
	return [marked.slice(0, offset) + marked.slice(offset + 1), offset];
}

let routed = false;

/** As the kernel's session does it: text that a cell writes to the process's streams is its output. */
function routeStreams(): void {
	if (routed) return;
	routed = true;
	for (const name of ['stdout', 'stderr'] as const) {
		const { write } = process[name];
		process[name].write = ((chunk: string | Uint8Array, ...rest: []): boolean => {
			const output = cellScope.getStore();
			if (!output) return write.call(process[name], chunk, ...rest);
			output.stream(name, chunk.toString());
			return true;
		}) as typeof write;
	}
}
