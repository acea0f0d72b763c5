import { startKernel } from './kernel.ts';

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
	process.stderr.write(
		'usage: main.ts CONNECTION_FILE\nJupyter starts this; `assay install` tells it how.\n',
	);
	process.exit(2);
}
const started = startKernel(connectionFile, async () => (await import('./engine.ts')).createEngine);
// A process of its own, which takes longest to get ready: it begins beside all else.
const { openCheckerEarly } = await import('./typescript/open-checker.ts');
openCheckerEarly(process.cwd());
await started;
