import { join } from 'node:path';
import { parse } from '../../../dsl/parser/parser.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { diagnosticText } from '../../display/diagnostic-text.ts';
import { planText } from '../../display/plan-text.ts';
import { loadPrices } from '../../engine/calls/prices.ts';
import { survey } from '../../engine/survey.ts';
import type { CellCompletions, CellRequest, CellResult, Completeness, DisplayData } from '../contracts.ts';
import { StudyCells, type StudyOptions } from './study-cells.ts';

/** Runs and explains study cells: everything about them that a notebook asks for. */
export class StudyEngine {
	private readonly cells: StudyCells;
	private readonly options: StudyOptions;

	constructor(options: StudyOptions) {
		this.options = options;
		this.cells = new StudyCells(options);
	}

	execute(code: string, request: CellRequest): Promise<CellResult> {
		return this.cells.execute(code, request);
	}

	/** `%assay plan` and `%assay cost`: the steps of all cells so far, or only what they come to. Makes no call. */
	async showPlan({ output }: CellRequest, part: 'plan' | 'cost'): Promise<void> {
		const planned = await this.cells.plan();
		if (planned.kind === 'problems') {
			const text = this.cells.program.text;
			for (const diagnostic of planned.diagnostics)
				output.stream('stderr', `${diagnosticText(diagnostic, { path: 'study', text, color: false })}\n`);
			return;
		}
		const { plan, modules } = planned;
		const prices = loadPrices(join(this.options.folder, '.assay'));
		const found = await survey(plan, {
			library: standardLibrary,
			store: this.cells.store,
			modules,
			folder: this.options.folder,
			prices,
			onNotice: (message) => output.stream('stderr', `${message}\n`),
		});
		const text = planText(plan, found, { color: false, width: 100, pricesAsOf: prices.asOf });
		output.stream('stdout', `${part === 'plan' ? text : text.slice(text.lastIndexOf('\n\n') + 2)}\n`);
	}

	async complete(code: string, offset: number): Promise<CellCompletions> {
		const { workspace, id } = await this.cells.draft(code);
		const { span, items } = workspace.complete(id, offset);
		return {
			start: span.start,
			end: span.end,
			items: items.map(({ insert, kind, detail }) => ({ text: insert, type: kind, signature: detail })),
		};
	}

	async inspect(code: string, offset: number): Promise<DisplayData | null> {
		const { workspace, id } = await this.cells.draft(code);
		const hover = workspace.hover(id, offset);
		return hover && { data: { 'text/markdown': hover.markdown, 'text/plain': hover.markdown }, metadata: {} };
	}

	isComplete(code: string): Completeness {
		const { problems } = parse(code);
		if (problems.length === 0) return { status: 'complete' };
		const open = (code.match(/[{[(]/g)?.length ?? 0) - (code.match(/[}\])]/g)?.length ?? 0);
		return open > 0 ? { status: 'incomplete', indent: '  '.repeat(open) } : { status: 'invalid' };
	}

	close(): void {
		this.cells.close();
	}
}
