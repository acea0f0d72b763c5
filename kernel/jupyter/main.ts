import { startKernel } from './kernel.ts';

const [connectionFile] = process.argv.slice(2);
if (connectionFile === undefined) {
	process.stderr.write(
		'usage: main.ts CONNECTION_FILE\nJupyter starts this; `assay install` tells it how.\n',
	);
	process.exit(2);
}
const started = startKernel(connectionFile, async () => {
	// A process of its own, which takes longest to get ready: it begins before the engine loads, and no sooner than a front
	// end can connect, whose next try may be far off.
	const { openCheckerEarly } = await checker;
	openCheckerEarly(process.cwd());
	return (await import('./engine.ts')).createEngine;
});
const checker = import('./typescript/open-checker.ts');
await started;
