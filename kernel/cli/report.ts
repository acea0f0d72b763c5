import { UserError } from '../../stdlib/define.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { counted } from '../display/amounts.ts';
import { programOf, run as runPlan } from '../engine/run.ts';
import { loadModules } from '../study/modules.ts';
import { rereadStudyStore } from '../study/open.ts';
import { type Action, EXIT, listOption, textOption } from './command.ts';
import { planOf } from './plan-of.ts';
import { oneOperand } from './study.ts';
import { writeReport } from './write-report.ts';

/** Reads a study's results out of the store, making no call, and writes the page. */
export const report: Action = async (invocation) => {
	const path = oneOperand(invocation, 'a study or a saved plan');
	const plan = await planOf(path, invocation);
	if (!plan) return EXIT.problems;
	const store = rereadStudyStore(plan.source.path, {
		store: textOption(invocation, 'store'),
		cassettes: listOption(invocation, 'cassette'),
	});
	try {
		const lastRun = store.runs().find(({ program }) => program === programOf(plan));
		const modules = await loadModules(plan);
		const result = await runPlan(plan, { library: standardLibrary, store, mode: 'replay', modules });
		const lacking = result.failures.filter((failure) => failure.code === 'not-in-cassette');
		if (lacking.length > 0 && result.spent.cached === 0)
			throw new UserError('the store has no call of this study', `run it first: assay run ${path}`);
		const out = textOption(invocation, 'out') ?? path.replace(/\.(assay|json)$/, '.html');
		const startedAt = lastRun?.startedAt ?? Date.now();
		writeReport(out, {
			plan,
			result: { ...result, run: lastRun?.id ?? null },
			store,
			startedAt,
			modules,
		});
		const { err } = invocation.terminal;
		err.write(`report: ${out}\n`);
		if (lacking.length === 0) return EXIT.done;
		const rows = lacking.reduce((sum, failure) => sum + (failure.rows ?? 1), 0);
		err.write(`note: the store lacks the calls of ${counted(rows, 'cell')}: assay run ${path}\n`);
		return EXIT.failures;
	} finally {
		store.close();
	}
};
