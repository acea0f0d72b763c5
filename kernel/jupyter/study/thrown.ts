import { UserError } from '../../../stdlib/define.ts';
import type { CellError } from '../contracts.ts';

/** What a study cell threw: a sentence for what a person can mend, a stack for a fault of our own. */
export function thrownOutside(error: unknown): CellError {
	if (error instanceof UserError) {
		const help = error.help ? [`  help: ${error.help}`] : [];
		return {
			status: 'error',
			ename: 'StudyError',
			evalue: error.message,
			traceback: [`error: ${error.message}`, ...help],
		};
	}
	const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
	return {
		status: 'error',
		ename: name,
		evalue: message,
		traceback: ['this is a fault of Assay itself:', ...(stack ?? message).split('\n')],
	};
}
