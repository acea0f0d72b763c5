import { EXIT } from './command.ts';

/** Ctrl-C once ends the run and keeps what is finished; a second time it ends the process. */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
	const controller = new AbortController();
	const onSignal = (): void => {
		if (controller.signal.aborted) process.exit(EXIT.interrupted);
		controller.abort(new Error('interrupted'));
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
	return {
		signal: controller.signal,
		release: () => {
			// The process is on its way out: another Ctrl-C meanwhile ends it with 130 too, and not by the signal.
			if (controller.signal.aborted) return;
			process.off('SIGINT', onSignal);
			process.off('SIGTERM', onSignal);
		},
	};
}
