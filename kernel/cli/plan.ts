import { dirname } from 'node:path';
import { standardLibrary } from '../../stdlib/index.ts';
import { planText } from '../display/plan-text.ts';
import { loadPrices } from '../engine/calls/prices.ts';
import { survey } from '../engine/survey.ts';
import { loadModules } from '../study/modules.ts';
import { defaultStorePath, lookIntoStudyStore } from '../study/open.ts';
import { savePlan } from '../study/plan-file.ts';
import { type Action, EXIT, flag, listOption, textOption } from './command.ts';
import { planOf } from './plan-of.ts';
import { oneOperand } from './study.ts';

export const plan: Action = async (invocation) => {
	const study = oneOperand(invocation, 'a study or a saved plan');
	const { out, err, color, columns } = invocation.terminal;
	const planned = await planOf(study, invocation);
	if (!planned) return EXIT.problems;
	const path = textOption(invocation, 'store') ?? defaultStorePath(planned.source.path);
	const store = lookIntoStudyStore(planned.source.path, {
		store: path,
		cassettes: listOption(invocation, 'cassette'),
	});
	try {
		const prices = loadPrices(dirname(path));
		const found = await survey(planned, {
			library: standardLibrary,
			store,
			prices,
			modules: await loadModules(planned),
			onNotice: (message) => err.write(`${message}\n`),
		});
		if (flag(invocation, 'json')) out.write(`${JSON.stringify({ plan: planned, survey: found }, null, 2)}\n`);
		else
			out.write(
				`${planText(planned, found, { color, width: Math.min(columns, 120), pricesAsOf: prices.asOf })}\n`,
			);
		const target = textOption(invocation, 'out');
		if (target) {
			savePlan(planned, target);
			err.write(`saved: ${target}; \`assay run ${target}\` runs exactly this plan\n`);
		}
		return found.steps.some((step) => step.problem) ? EXIT.unavailable : EXIT.done;
	} finally {
		store.close();
	}
};
