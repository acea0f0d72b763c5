import { dirname } from 'node:path';
import type { Budget } from '../../dsl/plan/plan.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { isFigure } from '../../stdlib/values/figure.ts';
import { isTable } from '../../stdlib/values/table.ts';
import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { createProgress, jsonLines } from '../display/progress.ts';
import { type RunSummaryInput, runSummary } from '../display/run-summary.ts';
import { textChart } from '../display/text-chart.ts';
import { textTable } from '../display/text-table.ts';
import { loadPrices } from '../engine/calls/prices.ts';
import { parseDuration } from '../engine/duration.ts';
import { type RunResult, run as runPlan } from '../engine/run.ts';
import type { RunOutcome, Store } from '../engine/store/store.ts';
import { loadModules } from '../study/modules.ts';
import { openStudyStore } from '../study/open.ts';
import {
	type Action,
	EXIT,
	type ExitCode,
	flag,
	type Invocation,
	listOption,
	textOption,
	UsageError,
} from './command.ts';
import { interruptible } from './interruptible.ts';
import { planOf } from './plan-of.ts';
import { oneOperand } from './study.ts';
import { writeReport } from './write-report.ts';

export const run: Action = async (invocation) => {
	const path = oneOperand(invocation, 'a study or a saved plan');
	const options = readOptions(invocation);
	const plan = await planOf(path, invocation);
	if (!plan) return EXIT.problems;
	const store = openStudyStore(plan.source.path, {
		store: textOption(invocation, 'store'),
		cassettes: listOption(invocation, 'cassette'),
	});
	const progress = flag(invocation, 'json')
		? jsonLines(invocation.terminal.out)
		: createProgress(progressOptions(invocation));
	const interrupt = interruptible();
	const startedAt = Date.now();
	let said: string | null = null;
	try {
		const modules = await loadModules(plan);
		const result = await runPlan(plan, {
			library: standardLibrary,
			store,
			signal: interrupt.signal,
			onEvent: (event) => progress.onEvent(event),
			modules,
			...options,
			calls: { ...options.calls, prices: loadPrices(dirname(store.path)) },
		});
		said = result.summary.stopped;
		progress.close();
		const report = textOption(invocation, 'report');
		if (!flag(invocation, 'json')) printResults({ plan, result, store: store.path, report }, invocation);
		if (report) writeReport(report, { plan, result, store, startedAt, modules });
		return store.failure ? EXIT.unavailable : exitCode(result);
	} finally {
		progress.close();
		interrupt.release();
		close(store, said);
	}
};

/** A disk that is full is so again when the store is closed; the summary has said it. */
function close(store: Store, said: string | null): void {
	try {
		store.close();
	} catch (error) {
		if ((error as Error).message !== said) throw error;
	}
}

function progressOptions(invocation: Invocation) {
	const { err } = invocation.terminal;
	return {
		stream: err,
		columns: err.columns ?? 80,
		color: wantsColor(err),
		isTTY: err.isTTY === true && !flag(invocation, 'quiet'),
	};
}

function readOptions(invocation: Invocation) {
	const budget: { -readonly [K in keyof Budget]?: number } = {};
	for (const name of ['usd', 'tokens', 'calls'] as const) {
		const value = numberOption(invocation, name);
		if (value !== null) budget[name] = value;
	}
	const seconds = durationOption(invocation, 'time');
	if (seconds !== null) budget.seconds = seconds;
	const maxFailures = numberOption(invocation, 'max-failures');
	return {
		budget,
		failFast: flag(invocation, 'fail-fast'),
		...(maxFailures === null ? {} : { maxFailures }),
		mode: flag(invocation, 'replay') ? ('replay' as const) : ('live' as const),
		calls: {
			allowUnknownPrice: flag(invocation, 'allow-unknown-price'),
			deadlineSeconds: durationOption(invocation, 'deadline') ?? 600,
			hedge: flag(invocation, 'hedge'),
		},
	};
}

function numberOption(invocation: Invocation, name: string): number | null {
	const text = textOption(invocation, name);
	if (text === null) return null;
	const value = Number(text.replace(/^\$/, '').replaceAll('_', ''));
	if (text.trim() === '' || !Number.isFinite(value) || value < 0)
		throw new UsageError(`--${name} takes a number, not "${text}"`);
	return value;
}

function durationOption(invocation: Invocation, name: string): number | null {
	const text = textOption(invocation, name);
	if (text === null) return null;
	const seconds = parseDuration(text);
	if (seconds === null)
		throw new UsageError(`--${name} takes a duration, not "${text}"`, 'for example 90s, 10min or 2h');
	return seconds;
}

function printResults(input: RunSummaryInput & { readonly result: RunResult }, invocation: Invocation): void {
	const { plan, result } = input;
	const { out, err, color, columns } = invocation.terminal;
	const width = Math.min(columns, 120);
	for (const { id } of plan.nodes) {
		const value = result.values.get(id);
		if (isTable(value))
			out.write(`\n${paint(color).bold(printable(id))}\n${textTable(value, { width, color })}\n`);
		else if (isFigure(value))
			out.write(
				`\n${paint(color).bold(printable(id))}\n${textChart(value, { width: Math.min(width, 80), height: 16, color })}\n`,
			);
	}
	if (flag(invocation, 'quiet') && result.outcome === 'done') return;
	err.write(`\n${runSummary(input, { color: wantsColor(err), width: Math.min(err.columns ?? 80, 100) })}\n`);
}

const OUTCOME_CODES: Readonly<Record<RunOutcome, ExitCode>> = {
	done: EXIT.done,
	partial: EXIT.failures,
	failed: EXIT.failures,
	budget: EXIT.budget,
	interrupted: EXIT.interrupted,
};

const exitCode = (result: RunResult): ExitCode => OUTCOME_CODES[result.outcome];
