import { statSync } from 'node:fs';
import { UserError } from '../../stdlib/define.ts';
import { describeCassette, exportCassette } from '../engine/cassette.ts';
import { rereadStudyStore } from '../study/open.ts';
import { type Action, EXIT, textOption } from './command.ts';
import { planOf } from './plan-of.ts';
import { oneOperand } from './study.ts';

export const cassette: Action = async (invocation) => {
	const path = oneOperand(invocation, 'a study or a cassette');
	const { out } = invocation.terminal;
	if (!path.endsWith('.assay') && !path.endsWith('.json')) {
		const found = describeCassette(path);
		out.write(`${path}: ${found.calls} calls, ${found.bytes} bytes\n`);
		for (const model of found.models) out.write(`  ${model.provider}/${model.model}\n`);
		return EXIT.done;
	}
	const plan = await planOf(path, invocation);
	if (!plan) return EXIT.problems;
	const store = rereadStudyStore(plan.source.path, { store: textOption(invocation, 'store') });
	try {
		const target = textOption(invocation, 'out') ?? path.replace(/\.(assay|json)$/, '.cassette.jsonl.gz');
		const keys = plan.nodes.map((node) => node.key);
		const summary = exportCassette(store, target, () => store.usedCalls(keys));
		if (summary.calls === 0)
			throw new UserError('the store has no calls of this study', `run it first: assay run ${path}`);
		out.write(`${target}: ${summary.calls} calls, ${(statSync(target).size / 1024).toFixed(0)} KiB\n`);
		return EXIT.done;
	} finally {
		store.close();
	}
};
