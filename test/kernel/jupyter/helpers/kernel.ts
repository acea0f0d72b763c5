import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, KernelClient } from '../../../../kernel/jupyter/client/kernel-client.ts';
import type { KernelProcessOptions } from '../../../../kernel/jupyter/client/kernel-process.ts';

/** A folder for notebooks and for what a kernel keeps, apart from that of the person who runs the tests. */
export function notebookFolder(): { readonly path: string; readonly env: NodeJS.ProcessEnv; remove(): void } {
	const path = mkdtempSync(join(tmpdir(), 'assay-kernel-test-'));
	const env = { ...process.env, XDG_DATA_HOME: join(path, 'share') };
	return { path, env, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A kernel in a folder of its own; `end` leaves nothing of it behind. */
export async function startKernel(
	options: Partial<KernelProcessOptions> = {},
): Promise<{ readonly client: KernelClient; readonly folder: string; end(): Promise<void> }> {
	const folder = notebookFolder();
	const client = await KernelClient.start({ folder: folder.path, env: folder.env, ...options });
	const end = async (): Promise<void> => {
		client.kernel.kill();
		await client.kernel.ended;
		folder.remove();
	};
	return { client, folder: folder.path, end };
}

export const types = ({ published }: Answer): string[] => published.map(({ header }) => header.msg_type);

/** The text that a cell wrote to a stream. */
export const streamed = ({ published }: Answer, name: 'stdout' | 'stderr' = 'stdout'): string =>
	published
		.filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
		.map(({ content }) => content.text)
		.join('');

/** The plain text of a cell's result; undefined where it has none. */
export const resultOf = ({ published }: Answer): string | undefined => {
	const found = published.find(({ header }) => header.msg_type === 'execute_result');
	return (found?.content.data as Record<string, string> | undefined)?.['text/plain'];
};

/** Waits until it holds, at most a minute. */
export async function until(holds: () => boolean, what: string): Promise<void> {
	const end = Date.now() + 60_000;
	while (!holds()) {
		if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
		await new Promise((done) => setTimeout(done, 20));
	}
}
