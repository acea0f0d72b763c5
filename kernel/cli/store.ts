import { existsSync } from 'node:fs';
import * as z from 'zod';
import { UserError } from '../../stdlib/define.ts';
import { counted, dollars } from '../display/amounts.ts';
import { printable } from '../display/printable.ts';
import { showDuration } from '../engine/duration.ts';
import { openStore, type Store } from '../engine/store/store.ts';
import {
	type Action,
	EXIT,
	type ExitCode,
	flag,
	type Invocation,
	textOption,
	UsageError,
} from './command.ts';

export const store: Action = async (invocation) => {
	const [what = 'stats', ...more] = invocation.operands;
	const path = textOption(invocation, 'store') ?? '.assay/store.db';
	const view = more.length === 0 && Object.hasOwn(VIEWS, what) ? VIEWS[what] : undefined;
	if (!view)
		throw new UsageError(
			`\`assay store\` has no \`${invocation.operands.join(' ')}\``,
			'it has runs, verify and gc; alone it says what the store holds',
		);
	if (!existsSync(path))
		throw new UserError(`there is no store at ${path}`, 'run a study first, or name another with --store');
	const opened = openStore(path, { readOnly: what !== 'gc' });
	try {
		return view(opened, invocation);
	} finally {
		opened.close();
	}
};

type View = (store: Store, invocation: Invocation) => ExitCode;

const stats: View = (opened, invocation) => {
	const found = opened.stats();
	const { out } = invocation.terminal;
	if (flag(invocation, 'json')) {
		out.write(`${JSON.stringify(found, null, 2)}\n`);
		return EXIT.done;
	}
	out.write(`${found.path}: ${size(found.bytes)}\n`);
	out.write(
		`  ${counted(found.calls, 'call')}, ${counted(found.steps, 'finished step')}, ${counted(found.runs, 'run')}, ${counted(found.artefacts.count, 'artefact')} (${size(found.artefacts.bytes)})\n`,
	);
	for (const { model, calls, usd } of found.models) {
		const cost = usd > 0 ? `, ${dollars(usd)}` : '';
		out.write(`  ${printable(`${model.provider}/${model.model}`)}: ${counted(calls, 'call')}${cost}\n`);
	}
	return EXIT.done;
};

const runs: View = (opened, invocation) => {
	const found = opened.runs();
	const { out } = invocation.terminal;
	if (flag(invocation, 'json')) {
		out.write(`${JSON.stringify(found, null, 2)}\n`);
		return EXIT.done;
	}
	if (found.length === 0) out.write('no runs yet\n');
	for (const run of found) {
		const seconds = run.endedAt === null ? null : (run.endedAt - run.startedAt) / 1000;
		const length = seconds === null ? '' : showDuration(Math.max(0, seconds));
		const started = new Date(run.startedAt).toISOString().slice(0, 19).replace('T', ' ');
		// Nothing tells a run that goes on from one that was killed.
		const outcome = (run.outcome ?? 'not ended').padEnd(12);
		out.write(`${started}  ${outcome} ${length.padEnd(12)} ${costOf(run.summary)}${printable(run.title)}\n`);
	}
	return EXIT.done;
};

const RunCost = z.object({
	spent: z.object({ calls: z.number(), usd: z.number(), unpriced: z.number() }),
});

/** Calls and money in two columns, empty for a run that did not end. */
function costOf(summary: unknown): string {
	const known = RunCost.safeParse(summary);
	if (!known.success) return ' '.repeat(30);
	const { calls, usd, unpriced } = known.data.spent;
	const cost = calls === 0 ? '' : unpriced === 0 ? dollars(usd) : `over ${dollars(usd)}`;
	return `${counted(calls, 'call').padEnd(15)}${cost.padEnd(15)}`;
}

const verify: View = (opened, invocation) => {
	const wrong = opened.verify();
	for (const sentence of wrong) invocation.terminal.err.write(`${sentence}\n`);
	if (wrong.length === 0) invocation.terminal.out.write('the store is whole\n');
	return wrong.length === 0 ? EXIT.done : EXIT.problems;
};

const gc: View = (opened, invocation) => {
	const dropped = opened.gc();
	invocation.terminal.out.write(
		`dropped ${counted(dropped.steps, 'step result')} and ${counted(dropped.artefacts, 'artefact')} (${size(dropped.bytes)}); calls are kept\n`,
	);
	return EXIT.done;
};

const VIEWS: Readonly<Record<string, View | undefined>> = { stats, runs, verify, gc };

function size(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
	return bytes < 1024 ** 3
		? `${(bytes / 1024 ** 2).toFixed(1)} MiB`
		: `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}
