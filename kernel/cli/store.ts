import { existsSync } from 'node:fs';
import { UserError } from '../../stdlib/define.ts';
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
	const [what = 'stats'] = invocation.operands;
	const path = textOption(invocation, 'store') ?? '.assay/store.db';
	if (!existsSync(path))
		throw new UserError(`there is no store at ${path}`, 'run a study first, or name another with --store');
	const view = VIEWS[what];
	if (!view)
		throw new UsageError(
			`\`assay store\` has no \`${what}\``,
			'it has runs, verify and gc; alone it says what the store holds',
		);
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
		`  ${found.calls} calls, ${found.steps} finished steps, ${found.runs} runs, ${found.artefacts.count} artefacts (${size(found.artefacts.bytes)})\n`,
	);
	for (const { model, calls, usd } of found.models) {
		out.write(`  ${model.provider}/${model.model}: ${calls} calls${usd > 0 ? `, $${usd.toFixed(4)}` : ''}\n`);
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
		const length = seconds === null ? 'not ended' : showDuration(Math.max(0, seconds));
		out.write(
			`${new Date(run.startedAt).toISOString().slice(0, 19).replace('T', ' ')}  ${(run.outcome ?? 'killed').padEnd(12)} ${length.padEnd(12)} ${run.title}\n`,
		);
	}
	return EXIT.done;
};

const verify: View = (opened, invocation) => {
	const wrong = opened.verify();
	for (const sentence of wrong) invocation.terminal.err.write(`${sentence}\n`);
	if (wrong.length === 0) invocation.terminal.out.write('the store is whole\n');
	return wrong.length === 0 ? EXIT.done : EXIT.problems;
};

const gc: View = (opened, invocation) => {
	const dropped = opened.gc();
	invocation.terminal.out.write(
		`dropped ${dropped.steps} step results and ${dropped.artefacts} artefacts (${size(dropped.bytes)}); calls are kept\n`,
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
