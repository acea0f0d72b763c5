import type { CreateEngine, DisplayData } from './contracts.ts';
import { provideComms } from './current-comms.ts';
import { NotebookCells } from './notebook-engine.ts';
import { createTypeScriptEngine } from './typescript/engine.ts';

/** The engine of the installed kernel: TypeScript cells, and study cells beside them. */
export const createEngine: CreateEngine = async (host) => {
	if (process.env.ASSAY_OFFLINE === '1') (await import('./offline.ts')).goOffline();
	provideComms(host.comms);
	const typescript = createTypeScriptEngine({ folder: host.folder, output: () => host.output(), present });
	return new NotebookCells(typescript, host.folder);
};

/** Tables, figures, data, frames and tensors as what they are. What shows them loads with the first object. */
async function present(value: unknown): Promise<DisplayData | null> {
	if (typeof value !== 'object' || value === null) return null;
	const { bundleOf } = await import('../display/mime/bundle.ts');
	const data = bundleOf(value);
	return data && { data, metadata: {} };
}
