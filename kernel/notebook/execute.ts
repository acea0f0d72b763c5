import { KernelClient } from '../jupyter/client/kernel-client.ts';
import { NotebookOutputs } from './cell-outputs.ts';
import type { CodeCell, NotebookDocument, NotebookOutput } from './document.ts';

export interface ExecuteNotebookOptions {
	/** Where the kernel runs: what paths in the notebook start from. */
	readonly folder: string;
	readonly env?: NodeJS.ProcessEnv;
	/** Aborted by Ctrl-C: the cell at work is interrupted, the rest is not run. */
	readonly signal?: AbortSignal;
	/** Called when outputs have changed, at most every half second and at the end of each cell. */
	readonly onChange?: () => void;
	readonly onCell?: (progress: CellProgress) => void;
}

export interface CellProgress {
	/** Number of the code cell, from 1, and how many there are. */
	readonly number: number;
	readonly total: number;
	readonly source: string;
	readonly state: 'begun' | 'done' | 'failed';
	readonly seconds: number;
}

export type NotebookOutcome =
	| { readonly status: 'done' }
	| { readonly status: 'interrupted' }
	| {
			readonly status: 'failed';
			readonly cell: number;
			readonly error: Extract<NotebookOutput, { output_type: 'error' }>;
	  };

const CHANGE_MS = 500;

/**
 * Runs the code cells of a notebook in order in a kernel of its own and puts their outputs into the document as they
 * come. A cell that fails ends the run; what is there so far stays. Throws when the kernel itself is lost.
 */
export async function executeNotebook(
	document: NotebookDocument,
	options: ExecuteNotebookOptions,
): Promise<NotebookOutcome> {
	if (options.signal?.aborted) return { status: 'interrupted' };
	const client = await KernelClient.start({
		folder: options.folder,
		...(options.env ? { env: options.env } : {}),
	});
	const interrupt = (): void => void client.interrupt().catch(() => {});
	options.signal?.addEventListener('abort', interrupt);
	const run = new NotebookRun(document, client, options);
	try {
		return await run.go();
	} finally {
		options.signal?.removeEventListener('abort', interrupt);
		run.end();
		await client.shutdown().catch(() => {});
	}
}

class NotebookRun {
	private readonly cells: readonly CodeCell[];
	private readonly client: KernelClient;
	private readonly options: ExecuteNotebookOptions;
	private readonly outputs = new NotebookOutputs();
	private changedAt = Number.NEGATIVE_INFINITY;
	private later: NodeJS.Timeout | undefined;

	constructor(document: NotebookDocument, client: KernelClient, options: ExecuteNotebookOptions) {
		this.cells = document.cells.filter((cell) => cell.cell_type === 'code');
		this.client = client;
		this.options = options;
	}

	async go(): Promise<NotebookOutcome> {
		for (const cell of this.cells) {
			cell.outputs = [];
			cell.execution_count = null;
		}
		for (const [index, cell] of this.cells.entries()) {
			if (this.options.signal?.aborted) return { status: 'interrupted' };
			if (cell.source.trim() === '') continue;
			const error = await this.run(cell, index + 1);
			if (this.options.signal?.aborted) return { status: 'interrupted' };
			if (error) return { status: 'failed', cell: index + 1, error };
		}
		return { status: 'done' };
	}

	/** Nothing is told any more. */
	end(): void {
		clearTimeout(this.later);
	}

	private async run(
		cell: CodeCell,
		number: number,
	): Promise<Extract<NotebookOutput, { output_type: 'error' }> | null> {
		const started = performance.now();
		const tell = (state: CellProgress['state']): void =>
			this.options.onCell?.({
				number,
				total: this.cells.length,
				source: cell.source,
				state,
				seconds: (performance.now() - started) / 1000,
			});
		tell('begun');
		const outputs = this.outputs.cell();
		cell.outputs = outputs.outputs;
		this.client.onPublished = ({ header, content }) => {
			if (outputs.take({ type: header.msg_type, content })) this.changed();
		};
		const { reply } = await this.client.execute(cell.source, { allow_stdin: false });
		cell.execution_count = (reply.content.execution_count as number | undefined) ?? null;
		const failed = reply.content.status === 'error' ? errorOf(outputs.outputs, reply.content) : null;
		tell(failed ? 'failed' : 'done');
		this.tellChange();
		return failed;
	}

	/** What comes too soon after the last time is told when the time has passed. */
	private changed(): void {
		const wait = this.changedAt + CHANGE_MS - performance.now();
		if (wait <= 0) this.tellChange();
		else this.later ??= setTimeout(() => this.tellChange(), wait);
	}

	private tellChange(): void {
		clearTimeout(this.later);
		this.later = undefined;
		this.changedAt = performance.now();
		this.options.onChange?.();
	}
}

function errorOf(
	outputs: readonly NotebookOutput[],
	content: Readonly<Record<string, unknown>>,
): Extract<NotebookOutput, { output_type: 'error' }> {
	const shown = outputs.findLast((output) => output.output_type === 'error');
	return (
		shown ?? {
			output_type: 'error',
			ename: String(content.ename),
			evalue: String(content.evalue),
			traceback: (content.traceback as string[] | undefined) ?? [],
		}
	);
}
