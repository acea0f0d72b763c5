import { UserError } from '../../stdlib/define.ts';
import { captureChildren } from './children/capture.ts';
import type { CellError, CellOutput } from './contracts.ts';

interface Guarded {
	/** Where what runs right now shows its output. */
	output(): CellOutput;
	describe(thrown: unknown): CellError;
}

/**
 * What would end any other process is told to the person instead: errors that nothing catches, rejections that nothing
 * handles, `process.exit`. Text written to the process's streams goes to the cell that writes it, also by programs that
 * it starts.
 */
export function guardProcess(guarded: Guarded): void {
	const tell = (heading: string, thrown: unknown): void => {
		const { traceback } = guarded.describe(thrown);
		guarded.output().stream('stderr', `${heading}\n${traceback.join('\n')}\n`);
	};
	process.on('uncaughtException', (error) =>
		tell('Uncaught error, outside of what the cell waits for:', error),
	);
	process.on('unhandledRejection', (reason) => tell('Unhandled rejection of a promise:', reason));
	guardExit();
	captureStreams(guarded);
	captureChildren(() => guarded.output());
}

function guardExit(): void {
	const refuse = (name: string) => (): never => {
		throw new UserError(
			`${name}() would end the kernel, and with it all that the notebook holds`,
			'to end a cell, throw an error or return from a function; to end the kernel, use its menu',
		);
	};
	process.exit = refuse('process.exit');
	process.abort = refuse('process.abort');
}

/** `console` writes to the process's streams, and so do libraries. */
function captureStreams({ output }: Guarded): void {
	for (const name of ['stdout', 'stderr'] as const) {
		process[name].write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
			output().stream(name, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
			const callback = rest.find((argument) => typeof argument === 'function');
			if (callback) process.nextTick(callback as () => void);
			return true;
		};
	}
}
