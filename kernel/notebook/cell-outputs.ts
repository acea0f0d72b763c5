import type { NotebookOutput } from './document.ts';

export interface Published {
	readonly type: string;
	readonly content: Readonly<Record<string, unknown>>;
}

type Bundle = Readonly<Record<string, unknown>>;
type Shown = Extract<NotebookOutput, { output_type: 'display_data' | 'execute_result' }>;

/** The outputs of a notebook's cells as the kernel publishes them; a display can be updated from any later cell. */
export class NotebookOutputs {
	private readonly displays = new Map<string, Shown[]>();

	/** Outputs of one cell, empty at first. */
	cell(): CellOutputs {
		return new CellOutputs(this.displays);
	}
}

export class CellOutputs {
	readonly outputs: NotebookOutput[] = [];
	private readonly displays: Map<string, Shown[]>;
	private clearNext = false;

	constructor(displays: Map<string, Shown[]>) {
		this.displays = displays;
	}

	/** Takes a message from iopub; false where it changes no output. */
	take({ type, content }: Published): boolean {
		switch (type) {
			case 'stream':
				this.stream(content.name === 'stderr' ? 'stderr' : 'stdout', String(content.text));
				return true;
			case 'display_data':
			case 'execute_result':
				this.show(type, content);
				return true;
			case 'update_display_data':
				return this.update(content);
			case 'error':
				this.add({
					output_type: 'error',
					ename: String(content.ename),
					evalue: String(content.evalue),
					traceback: (content.traceback as string[] | undefined) ?? [],
				});
				return true;
			case 'clear_output':
				if (content.wait === true) this.clearNext = true;
				else this.outputs.length = 0;
				return true;
			default:
				return false;
		}
	}

	private add(output: NotebookOutput): void {
		if (this.clearNext) this.outputs.length = 0;
		this.clearNext = false;
		this.outputs.push(output);
	}

	/** Text goes on in the output before it, as in a terminal. */
	private stream(name: 'stdout' | 'stderr', text: string): void {
		const last = this.outputs.at(-1);
		if (!this.clearNext && last?.output_type === 'stream' && last.name === name) last.text += text;
		else this.add({ output_type: 'stream', name, text });
	}

	private show(type: Shown['output_type'], content: Bundle): void {
		const data = (content.data ?? {}) as Record<string, unknown>;
		const metadata = (content.metadata ?? {}) as Record<string, unknown>;
		const shown: Shown =
			type === 'display_data'
				? { output_type: 'display_data', data, metadata }
				: {
						output_type: 'execute_result',
						execution_count: (content.execution_count as number | undefined) ?? null,
						data,
						metadata,
					};
		this.add(shown);
		const id = displayIdOf(content);
		if (id !== null) this.displays.set(id, [...(this.displays.get(id) ?? []), shown]);
	}

	private update(content: Bundle): boolean {
		const shown = this.displays.get(displayIdOf(content) ?? '') ?? [];
		for (const output of shown) {
			output.data = (content.data ?? {}) as Record<string, unknown>;
			output.metadata = (content.metadata ?? {}) as Record<string, unknown>;
		}
		return shown.length > 0;
	}
}

function displayIdOf({ transient }: Bundle): string | null {
	const id = (transient as { display_id?: unknown } | undefined)?.display_id;
	return typeof id === 'string' ? id : null;
}
