import type { CellError, CellResult, NotebookEngine } from '../contracts.ts';
import { cellScope } from '../scope.ts';
import { fault, interrupted } from './cell-errors.ts';
import { type Content, flagOf, recordOf, textOf } from './content.ts';
import { shortened } from './shortened.ts';
import type { Task } from './task.ts';

/** What an `execute_request` asks for. */
export interface ExecuteRequest {
	readonly code: string;
	readonly silent: boolean;
	readonly storeHistory: boolean;
	readonly stopOnError: boolean;
	readonly userExpressions: Content;
}

export function executeRequest(content: Content): ExecuteRequest {
	const silent = flagOf(content, 'silent', false);
	return {
		code: textOf(content, 'code'),
		silent,
		storeHistory: !silent && flagOf(content, 'store_history', true),
		stopOnError: flagOf(content, 'stop_on_error', true),
		userExpressions: recordOf(content, 'user_expressions'),
	};
}

export interface Finished {
	readonly result: CellResult;
	readonly expressions: Record<string, unknown>;
}

/** Runs a cell and then its user expressions, within the cell's scope. Never rejects. */
export async function runCell(
	engine: Promise<NotebookEngine>,
	task: Task,
	{ code, silent, userExpressions }: ExecuteRequest,
	executionCount: number,
): Promise<Finished> {
	const { output, signal } = task;
	try {
		const loaded = await engine;
		if (signal.aborted) return { result: interrupted(), expressions: {} };
		return await cellScope.run(output, async () => {
			const result = await loaded.execute({ code, executionCount, silent, output, signal });
			const expressions = result.status === 'ok' ? await evaluateAll(loaded, userExpressions) : {};
			return { result, expressions };
		});
	} catch (thrown) {
		return { result: fault(thrown), expressions: {} };
	}
}

async function evaluateAll(engine: NotebookEngine, asked: Content): Promise<Record<string, unknown>> {
	const values: Record<string, unknown> = {};
	for (const [name, expression] of Object.entries(asked)) {
		const value = await engine.evaluate(String(expression));
		values[name] =
			value.status === 'error' ? value : { status: 'ok', ...(value.result ?? { data: {}, metadata: {} }) };
	}
	return values;
}

/** Shows how a cell ended, and says it in its reply. */
export function answer(task: Task, finished: Finished, executionCount: number, started: string): void {
	const { result, expressions } = finished;
	if (result.status === 'error') showError(task, result);
	else if (result.result) {
		const shown = shortened(result.result);
		task.output.publish('execute_result', { execution_count: executionCount, ...shown });
	}
	const reply =
		result.status === 'error'
			? { ...result, execution_count: executionCount, user_expressions: {}, payload: [] }
			: { status: 'ok', execution_count: executionCount, user_expressions: expressions, payload: [] };
	task.end(reply, { started, status: result.status });
}

function showError(task: Task, { ename, evalue, traceback }: CellError): void {
	task.output.publish('error', { ename, evalue, traceback });
}
