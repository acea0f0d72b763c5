import { LineMap } from '../../dsl/line-map.ts';
import type { Plan } from '../../dsl/plan/plan.ts';
import { showMegabytes } from '../../stdlib/training/needs.ts';
import type { TrainingSummary } from '../../stdlib/training/train.ts';
import type { Table } from '../../stdlib/values/table.ts';
import { showDuration } from '../engine/duration.ts';
import { reasonText } from '../engine/reasons.ts';
import type { Certainty, StepSurvey, Survey } from '../engine/survey.ts';
import { paint } from './paint.ts';
import { displayWidth, printable } from './printable.ts';
import { textTable } from './text-table.ts';
import { hang } from './wrap.ts';

export interface PlanTextOptions {
	readonly color: boolean;
	readonly width: number;
	/** The day of the price table. */
	readonly pricesAsOf: string;
}

/** A plan as a terminal shows it: a line a step with its rows, calls and reason, then what it all comes to. */
export function planText(plan: Plan, survey: Survey, options: PlanTextOptions): string {
	const colors = paint(options.color);
	const rows = survey.steps.map((step) => [
		printable(step.id),
		amount(step.rows),
		callsOf(step),
		printable(reasonText(step.reason)),
	]);
	const head = ['step', 'rows', 'calls', 'why'];
	const widths = head.map((title, i) =>
		Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] as string))),
	);
	const line = (cells: readonly string[]): string =>
		cells
			.map((cell, i) => pad(cell, widths[i] as number, i === 1 || i === 2, i === cells.length - 1))
			.join('  ')
			.trimEnd();
	const body = rows.map((row, i) =>
		survey.steps[i]?.reason.kind === 'kept' ? colors.dim(line(row)) : line(row),
	);
	return [
		colors.bold(printable(plan.title)),
		'',
		colors.dim(line(head)),
		...body,
		'',
		...totals(survey, options),
		...trainings(survey, options),
		...problems(plan, survey, options),
	].join('\n');
}

function pad(cell: string, width: number, right: boolean, last: boolean): string {
	if (last) return cell;
	const gap = ' '.repeat(Math.max(0, width - displayWidth(cell)));
	return right ? gap + cell : cell + gap;
}

const SIGNS: Readonly<Record<Certainty, string>> = { exact: '', estimate: '≈ ', 'at-most': '≤ ' };

const amount = (found: { readonly count: number; readonly certainty: Certainty } | null): string =>
	found === null ? '' : `${SIGNS[found.certainty]}${found.count.toLocaleString('en-US')}`;

function callsOf({ calls }: StepSurvey): string {
	if (calls === null) return '';
	const needed = `${SIGNS[calls.certainty]}${calls.needed.toLocaleString('en-US')}`;
	return calls.cached > 0 ? `${needed} + ${calls.cached.toLocaleString('en-US')} kept` : needed;
}

function totals({ totals: all, steps }: Survey, { width, pricesAsOf, color }: PlanTextOptions): string[] {
	const colors = paint(color);
	const sign = SIGNS[all.certainty];
	const kept = steps.filter((step) => step.reason.kind === 'kept').length;
	const facts: [string, string][] = [
		['steps', `${steps.length - kept} to run, ${kept} kept`],
		[
			'calls',
			`${sign}${all.needed.toLocaleString('en-US')} to make, ${all.cached.toLocaleString('en-US')} kept`,
		],
	];
	if (all.needed > 0) {
		facts.push([
			'tokens',
			`about ${Math.round(all.inputTokens).toLocaleString('en-US')} in, up to ${Math.round(all.outputTokens).toLocaleString('en-US')} out`,
		]);
		facts.push([
			'money',
			all.usd === null
				? 'not known: a model has no price here (.assay/prices.json can give it)'
				: moneyText(all.usd, pricesAsOf),
		]);
		facts.push([
			'time',
			all.seconds === null ? 'not known before a first run' : `about ${showDuration(all.seconds)}`,
		]);
	}
	return facts.flatMap(([name, text]) => hang(`  ${name.padEnd(8)}`, text, width, colors.dim));
}

const moneyText = (usd: number, asOf: string): string =>
	usd === 0 ? '$0' : `up to $${usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)} at the prices of ${asOf}`;

/** Each training run that would be made: its layers and how long it is. */
function trainings({ steps }: Survey, { color, width }: PlanTextOptions): string[] {
	const colors = paint(color);
	return steps.flatMap(({ id, training }) => {
		if (!training) return [];
		const { steps: updates, batch, epochs, parameters, needs, seconds } = training;
		const length = `${updates.toLocaleString('en-US')} steps of ${batch} examples (${Number(epochs.toPrecision(2))} epochs)`;
		const size = `${parameters.toLocaleString('en-US')} parameters`;
		return [
			'',
			`${colors.bold(printable(id))}: ${length}, ${size}`,
			...hang('  ', memoryText(needs), width),
			...hang(
				'  ',
				`time     about ${showDuration(seconds)} here, for ${operationsText(needs.operations)}`,
				width,
			),
			textTable(layerTable(training), { width, color }),
		];
	});
}

function memoryText({ bytes, memory }: TrainingSummary['needs']): string {
	const { weights, gradients, optimizer, activations, copies } = memory;
	const parts = Object.entries({ weights, gradients, optimizer, activations, copies });
	return `memory   about ${showMegabytes(bytes)}: ${parts.map(([name, size]) => `${name} ${showMegabytes(size)}`).join(', ')}`;
}

const operationsText = (operations: number): string =>
	`${Number((operations / 1e9).toPrecision(2)).toLocaleString('en-US')} billion operations`;

const LAYER_COLUMNS = ['layer', 'output', 'parameters', 'operations'] as const;

const layerTable = ({ layers }: TrainingSummary): Table => ({
	kind: 'table',
	name: 'layers',
	columns: LAYER_COLUMNS.map((name) => ({ name, role: name === 'layer' ? 'group' : 'value' })),
	rows: layers,
	notices: [],
	models: [],
	lineage: null,
});

function problems(plan: Plan, survey: Survey, { color, width }: PlanTextOptions): string[] {
	const colors = paint(color);
	const lines = new LineMap(plan.source.text);
	const found = survey.steps.filter((step) => step.problem !== null);
	return found.flatMap(({ id, problem }) => {
		if (!problem) return [];
		const at = problem.span ? `, line ${lines.positionAt(problem.span[0]).line}` : '';
		const help = problem.help ? hang('    help: ', printable(problem.help), width) : [];
		return [
			'',
			...hang('✗ ', `${printable(id)}${at}: ${printable(problem.message)}`, width, colors.error),
			...help,
		];
	});
}
