import type {
	CellCompletions,
	CellRequest,
	CellResult,
	Completeness,
	DisplayData,
	NotebookEngine,
} from './contracts.ts';
import type { StudyEngine } from './study/study-engine.ts';
import { studyText } from './study/study-text.ts';
import { thrownOutside } from './study/thrown.ts';
import type { TypeScriptEngine } from './typescript/engine.ts';

const PLAN = /^\s*%assay\b[ \t]*(\w*)[ \t]*$/;

/** TypeScript cells and study cells side by side: the first line says which a cell is. */
export class NotebookCells implements NotebookEngine {
	private readonly typescript: TypeScriptEngine;
	private readonly folder: string;
	private study: Promise<StudyEngine> | null = null;

	constructor(typescript: TypeScriptEngine, folder: string) {
		this.typescript = typescript;
		this.folder = folder;
	}

	async execute(request: CellRequest): Promise<CellResult> {
		try {
			const study = studyText(request.code);
			if (study !== null) return await (await this.studies()).execute(study, request);
			const asked = PLAN.exec(request.code);
			if (asked) return await this.plan(asked[1] ?? '', request);
		} catch (error) {
			return thrownOutside(error);
		}
		return this.typescript.execute(request);
	}

	private async plan(word: string, request: CellRequest): Promise<CellResult> {
		if (word !== 'plan' && word !== 'cost') {
			request.output.stream(
				'stderr',
				'%assay plan shows what the study cells so far would run and why, %assay cost what it comes to\n',
			);
			return { status: 'ok', result: null };
		}
		await (await this.studies()).showPlan(request, word);
		return { status: 'ok', result: null };
	}

	evaluate(expression: string): Promise<CellResult> {
		return this.typescript.evaluate(expression);
	}

	async complete(code: string, offset: number): Promise<CellCompletions> {
		const study = studyText(code);
		return study === null
			? this.typescript.complete(code, offset)
			: (await this.studies()).complete(study, offset);
	}

	async inspect(code: string, offset: number, detail: 0 | 1): Promise<DisplayData | null> {
		const study = studyText(code);
		return study === null
			? this.typescript.inspect(code, offset, detail)
			: (await this.studies()).inspect(study, offset);
	}

	async isComplete(code: string): Promise<Completeness> {
		const study = studyText(code);
		return study === null ? this.typescript.isComplete(code) : (await this.studies()).isComplete(study);
	}

	describe(thrown: unknown) {
		return this.typescript.describe(thrown);
	}

	terminated(): void {
		this.typescript.terminated();
	}

	async close(): Promise<void> {
		await Promise.all([this.typescript.close(), this.study?.then((study) => study.close())]);
	}

	/** The language and its library load with the first study cell. */
	private studies(): Promise<StudyEngine> {
		this.study ??= openStudy(this.typescript, this.folder);
		return this.study;
	}
}

async function openStudy(typescript: TypeScriptEngine, folder: string): Promise<StudyEngine> {
	const [{ StudyEngine: Engine }, { typeScriptNames }, { studySettings }, { inspectByContent }] =
		await Promise.all([
			import('./study/study-engine.ts'),
			import('./study/typescript-names.ts'),
			import('./study/study-settings.ts'),
			import('../display/inspected.ts'),
		]);
	inspectByContent();
	return new Engine({ folder, names: typeScriptNames(typescript), ...studySettings(process.env) });
}
