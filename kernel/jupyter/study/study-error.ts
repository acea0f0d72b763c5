import type { Diagnostic } from '../../../dsl/diagnostics/diagnostic.ts';
import type { Plan } from '../../../dsl/plan/plan.ts';
import { diagnosticText } from '../../display/diagnostic-text.ts';
import { runSummary } from '../../display/run-summary.ts';
import type { RunResult } from '../../engine/run.ts';
import type { CellError } from '../contracts.ts';

/** A cell that does not check, as a terminal would show it: carets under what is meant. */
export function diagnosticsError(
	cell: { readonly text: string },
	executionCount: number,
	diagnostics: readonly Diagnostic[],
): CellError {
	const errors = diagnostics.filter(({ severity }) => severity === 'error');
	const [first] = errors;
	const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
	return {
		status: 'error',
		ename: first?.code ?? 'StudyError',
		evalue: `${first?.message ?? 'the study has no plan'}${more}`,
		traceback: diagnostics.flatMap((diagnostic) =>
			`${diagnosticText(diagnostic, { path: `Cell [${executionCount}]`, text: cell.text, color: true })}\n`.split(
				'\n',
			),
		),
	};
}

/** A run that ended early or failed: what failed, where, and what to do next. */
export function failureError(plan: Plan, result: RunResult): CellError {
	const interrupted = result.outcome === 'interrupted';
	const [cause] = result.failures.filter(({ code }) => code !== 'blocked');
	return {
		status: 'error',
		ename: interrupted ? 'Interrupted' : 'StudyFailed',
		evalue: interrupted
			? 'the run was interrupted; what is finished is kept, and running the cell again goes on from there'
			: (cause?.message ?? result.summary.stopped ?? 'the study failed'),
		traceback: runSummary({ plan, result }, { color: true, width: 100 }).split('\n'),
	};
}
