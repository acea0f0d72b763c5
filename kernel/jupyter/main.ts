import { startKernel } from './kernel.ts';

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
	process.stderr.write(
		'usage: main.ts CONNECTION_FILE\nJupyter starts this; `assay install` tells it how.\n',
	);
	process.exit(2);
}
await startKernel(connectionFile, async () => (await import('./engine.ts')).createEngine);
