#!/usr/bin/env -S node --max-semi-space-size=8
// A small young generation keeps the memory of a run flat: what a finished call leaves is dropped at once.
// Assay runs on Node 24. Where the system's Node is older, the one that came with the `node` package takes over.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
	await import(cli);
} else {
	const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
	const child = spawn(node, ['--max-semi-space-size=8', cli, ...process.argv.slice(2)], { stdio: 'inherit' });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('error', (error) => {
		process.stderr.write(
			`error: Assay needs Node 24 or later, and the one in its dependencies did not start: ${error.message}\n`,
		);
		process.exit(70);
	});
	child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 70)));
}
