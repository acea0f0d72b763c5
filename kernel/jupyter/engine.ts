import type { CreateEngine } from './contracts.ts';
import { provideComms } from './current-comms.ts';
import { createTypeScriptEngine } from './typescript/engine.ts';

/** The engine of the installed kernel. Cells that begin with `%%assay` will go to study cells from here. */
export const createEngine: CreateEngine = async (host) => {
	provideComms(host.comms);
	return createTypeScriptEngine({ folder: host.folder, output: () => host.output() });
};
