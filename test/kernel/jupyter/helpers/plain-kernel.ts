import { startKernel } from '../../../../kernel/jupyter/kernel.ts';
import { createPlainEngine } from './plain-engine.ts';

await startKernel(process.argv[2] as string, async () => createPlainEngine);
