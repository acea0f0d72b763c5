import { inspect } from 'node:util';
import { Script } from 'node:vm';
import type {
	CellError,
	CellResult,
	KernelHost,
	NotebookEngine,
} from '../../../../kernel/jupyter/contracts.ts';

/** Plain JavaScript cells without anything: the protocol can be tested without the TypeScript engine. */
export async function createPlainEngine(host: KernelHost): Promise<NotebookEngine> {
	Object.assign(globalThis, { kernel: host });
	const evaluate = async (code: string, name: string): Promise<CellResult> => {
		try {
			const value: unknown = await new Script(code, { filename: name }).runInThisContext();
			const text = inspect(value);
			return {
				status: 'ok',
				result: value === undefined ? null : { data: { 'text/plain': text }, metadata: {} },
			};
		} catch (thrown) {
			return describe(thrown);
		}
	};
	return {
		execute: ({ code, executionCount, signal }) =>
			Promise.race([evaluate(code, `Cell [${executionCount}]`), aborted(signal)]),
		evaluate: (expression) => evaluate(expression, 'expression'),
		describe,
		complete: async (code, offset) => {
			const start = offset - (/\w*$/.exec(code.slice(0, offset))?.[0].length ?? 0);
			const names = Object.getOwnPropertyNames(globalThis).filter((name) =>
				name.startsWith(code.slice(start, offset)),
			);
			return {
				start,
				end: offset,
				items: names.map((text) => ({ text, type: 'variable', signature: null })),
			};
		},
		inspect: async (code, offset, detail) => ({
			data: { 'text/plain': `${code.slice(offset)} ${detail}`, 'text/markdown': '**it**' },
			metadata: {},
		}),
		isComplete: async (code) =>
			code.endsWith('{') ? { status: 'incomplete', indent: '\t' } : { status: 'complete' },
		terminated: () => {},
		close: async () => {},
	};
}

const aborted = (signal: AbortSignal): Promise<CellResult> =>
	new Promise((resolve) => signal.addEventListener('abort', () => resolve(describe(signal.reason))));

function describe(thrown: unknown): CellError {
	const { name, message } = thrown instanceof Error ? thrown : { name: 'Thrown', message: String(thrown) };
	return { status: 'error', ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}
