import { type Action, EXIT, flag, type Invocation, UsageError } from './command.ts';
import { removeInstallation, writeInstallation } from './installation.ts';
import { dataFolder } from './jupyter-data.ts';

/** Puts the kernel where Jupyter looks for kernels, and starts it once: that it answers is seen now and not later. */
export const install: Action = async (invocation) => {
	const [operand] = invocation.operands;
	if (operand !== undefined)
		throw new UsageError(
			`assay install takes no operand, but got "${operand}"`,
			`assay install --prefix ${operand}`,
		);
	const folder = dataFolder(invocation);
	if (flag(invocation, 'remove')) return remove(folder, invocation);
	const { kernel, extension } = writeInstallation(folder);
	const milliseconds = await tryKernel();
	const { out } = invocation.terminal;
	out.write(`kernel     ${kernel}\nextension  ${extension}\n`);
	out.write(
		`It answers after ${(milliseconds / 1000).toFixed(1)} s. In Jupyter it is called "Assay (TypeScript)".\n`,
	);
	return EXIT.done;
};

function remove(folder: string, { terminal: { out } }: Invocation) {
	const removed = removeInstallation(folder);
	for (const path of removed) out.write(`removed  ${path}\n`);
	if (removed.length === 0) out.write(`nothing of Assay is installed in ${folder}\n`);
	return EXIT.done;
}

/** Milliseconds to a first result. What was compiled meanwhile is kept for later starts. */
async function tryKernel(): Promise<number> {
	const { KernelClient } = await import('../jupyter/client/kernel-client.ts');
	const start = performance.now();
	const client = await KernelClient.start({ folder: process.cwd() });
	const { reply } = await client.execute('6 * 7', { silent: true });
	const milliseconds = performance.now() - start;
	await client.shutdown();
	if (reply.content.status !== 'ok')
		throw new Error(`the kernel was installed, but does not work: ${reply.content.evalue}`);
	return milliseconds;
}
