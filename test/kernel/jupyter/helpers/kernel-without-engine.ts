import { startKernel } from '../../../../kernel/jupyter/kernel.ts';

const [how, connectionFile = ''] = process.argv.slice(2);

/** A kernel whose engine never comes, or cannot be loaded. */
await startKernel(connectionFile, () =>
	how === 'never' ? new Promise(() => {}) : Promise.reject(new Error('the engine is broken')),
);
