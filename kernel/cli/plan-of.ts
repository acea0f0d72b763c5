import type { Plan } from '../../dsl/plan/plan.ts';
import { loadPlan } from '../study/plan-file.ts';
import { type Invocation, listOption, UsageError } from './command.ts';
import { compileFile, printDiagnostics } from './study.ts';

/** The plan of a study file, or the one saved in a `.json`; null after printing why there is none. */
export async function planOf(path: string, invocation: Invocation): Promise<Plan | null> {
	if (path.endsWith('.json')) {
		if (listOption(invocation, 'set').length > 0)
			throw new UsageError('a saved plan runs as it is, so --set does nothing', 'make the plan with --set');
		return loadPlan(path);
	}
	const compiled = await compileFile(path, invocation, 'plan');
	printDiagnostics(compiled, path, invocation.terminal);
	return compiled.plan;
}
