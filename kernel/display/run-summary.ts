import { LineMap } from '../../dsl/line-map.ts';
import type { Plan } from '../../dsl/plan/plan.ts';
import type { Spent } from '../engine/calls/spent.ts';
import { showDuration } from '../engine/duration.ts';
import type { Failure } from '../engine/failures.ts';
import type { RunResult } from '../engine/run.ts';
import type { RunOutcome } from '../engine/store/store.ts';
import { count, counted, spending } from './amounts.ts';
import { type Paint, paint } from './paint.ts';
import { displayWidth, printable } from './printable.ts';
import { wrapWords } from './text-fit.ts';
import { hang } from './wrap.ts';

export interface RunSummaryInput {
	readonly plan: Plan;
	readonly result: Pick<RunResult, 'outcome' | 'failures' | 'spent' | 'summary'>;
	/** Where the results are kept, and the report page when one was written. */
	readonly store?: string | null;
	readonly report?: string | null;
}

export interface RunSummaryOptions {
	readonly color: boolean;
	/** Columns of the terminal. */
	readonly width: number;
}

/** The end of a run in a few lines: how it ended, what it took, what failed and where, and what to do next. */
export function runSummary(input: RunSummaryInput, { color, width }: RunSummaryOptions): string {
	const colors = paint(color);
	const facts = factsOf(input).map(([name, text]) => hang(`  ${name.padEnd(8)}`, text, width, colors.dim));
	return [
		...headline(input, colors, width),
		...facts.flat(),
		...failureLines(input, colors, width),
		...nextLines(input, colors, width),
	].join('\n');
}

const OUTCOME_WORDS: Readonly<Record<RunOutcome, string>> = {
	done: 'done',
	partial: 'done, but some rows failed',
	budget: 'stopped by the budget',
	interrupted: 'interrupted',
	failed: 'failed',
};

function headline({ plan, result }: RunSummaryInput, colors: Paint, width: number): string[] {
	const { outcome, summary } = result;
	const tone = outcome === 'done' ? colors.good : outcome === 'failed' ? colors.error : colors.warning;
	const said = `${OUTCOME_WORDS[outcome]} after ${showDuration(summary.seconds)}`;
	const why =
		summary.stopped && outcome !== 'interrupted' ? hang('  ', printable(summary.stopped), width) : [];
	const title = wrapWords(`${printable(plan.title)}:`, width);
	const last = title.pop() as string;
	const fits = displayWidth(last) + 1 + displayWidth(said) <= width;
	const end = fits ? [`${colors.bold(last)} ${tone(said)}`] : [colors.bold(last), `  ${tone(said)}`];
	return [...title.map(colors.bold), ...end, ...why];
}

function factsOf({ result, store, report }: RunSummaryInput): [name: string, text: string][] {
	const { spent, summary } = result;
	const kept = summary.steps.filter((step) => step.status === 'kept').length;
	const facts: [string, string][] = [['steps', stepsText(summary.steps.length, kept, summary.steps)]];
	facts.push(['calls', callsText(spent, result.outcome)]);
	if (spent.calls > 0) {
		facts.push(['tokens', `${count(spent.inputTokens)} in, ${count(spent.outputTokens)} out`]);
		facts.push(['spent', spending(spent.usd, spent.unpriced)]);
	}
	if (store) facts.push(['store', printable(store)]);
	if (report) facts.push(['report', printable(report)]);
	return facts;
}

function stepsText(all: number, kept: number, steps: RunResult['summary']['steps']): string {
	const ended = (status: string): number => steps.filter((step) => step.status === status).length;
	const parts: [number, string][] = [
		[all - kept - ended('failed') - ended('blocked') - ended('stopped'), 'run'],
		[kept, 'kept'],
		[ended('failed'), 'failed'],
		[ended('blocked'), 'not reached because of a failure'],
		[ended('stopped'), 'not reached'],
	];
	return (
		parts
			.filter(([n]) => n > 0)
			.map(([n, what]) => `${count(n)} ${what}`)
			.join(', ') || 'none'
	);
}

function callsText(spent: Spent, outcome: RunOutcome): string {
	const asked = spent.calls + spent.cached + spent.shared + spent.failed;
	if (asked === 0) return outcome === 'done' ? 'none made, none needed' : 'none made';
	const parts: [number, string][] = [
		[spent.hedged, 'of them hedged'],
		[spent.cached, 'kept'],
		[spent.shared, 'shared'],
		[spent.refused, 'refused'],
		[spent.empty, 'empty'],
		[spent.failed, 'failed'],
	];
	const others = parts.filter(([n]) => n > 0).map(([n, what]) => `, ${count(n)} ${what}`);
	return `${count(spent.calls)} made${others.join('')}`;
}

/** Causes shown in full; a run can have as many as its program has places. */
const MAX_CAUSES = 10;

function failureLines({ plan, result }: RunSummaryInput, colors: Paint, width: number): string[] {
	const causes = result.failures.filter(({ code }) => code !== 'blocked');
	const lines = new LineMap(plan.source.text);
	const worst = [...causes].sort((a, b) => weight(b) - weight(a)).slice(0, MAX_CAUSES);
	const shown = worst.flatMap((failure) => causeLines(failure, plan, lines, colors, width));
	if (causes.length > worst.length)
		shown.push(`  and ${counted(causes.length - worst.length, 'other cause')}`);
	return shown.length > 0 ? ['', colors.bold('What failed'), ...shown] : [];
}

/** Whole steps before rows, many rows before few. */
const weight = ({ rows }: Failure): number => rows ?? Number.POSITIVE_INFINITY;

function causeLines(failure: Failure, plan: Plan, lines: LineMap, colors: Paint, width: number): string[] {
	const { rows, step, message, help } = failure;
	const what = rows === undefined ? 'the step' : counted(rows, 'row');
	const place = [step && printable(step), placeOf(failure, plan, lines)]
		.filter((part) => part !== '')
		.join(' at ');
	const head = `${colors.error('✗')} ${what}${place ? ` of ${place}` : ''}`;
	const example = rows !== undefined && rows > 1 ? `${message} (the first of them)` : message;
	return [
		head,
		...hang('  ', printable(example), width),
		...(help ? hang('  help: ', printable(help), width, colors.bold) : []),
	];
}

/** `bbq.assay:21:24`, or nothing when it is not known. */
export function placeOf(
	{ span }: Pick<Failure, 'span'>,
	plan: Plan,
	lines = new LineMap(plan.source.text),
): string {
	if (!span) return '';
	const { line, column } = lines.positionAt(span[0]);
	return `${printable(plan.source.path ?? 'line ')}${plan.source.path ? ':' : ''}${line}:${column}`;
}

function nextLines({ plan, result }: RunSummaryInput, colors: Paint, width: number): string[] {
	const next = nextStep(result.outcome, result.failures, plan.source.path);
	return next === null ? [] : ['', ...hang('Next: ', next, width, colors.bold)];
}

function nextStep(outcome: RunOutcome, failures: readonly Failure[], path: string | null): string | null {
	const again = path ? `\`assay run ${printable(path)}\`` : 'run it';
	switch (outcome) {
		case 'done':
			return null;
		case 'interrupted':
			return `${again} again: it goes on from here, and no finished call is paid twice.`;
		case 'budget':
			return `raise the budget and ${path ? `${again} again` : 'run it again'}: it goes on from here.`;
		case 'partial':
			if (failures.every(({ code }) => code === 'not-in-cassette' || code === 'blocked'))
				return path
					? `${again} without --replay makes the calls that are not recorded.`
					: 'the notebook was run from its kept calls alone. In Jupyter, or by `assay notebook run`, it makes those that are missing.';
			return failures.some(({ code }) => code === 'row-error')
				? `mend the program and ${again} again: finished calls are kept.`
				: `${again} again: only the rows that failed are tried again.`;
		case 'failed':
			return `mend what failed and ${again} again: what is finished is kept.`;
	}
}
