import { cpus } from 'node:os';
import { dirname, relative } from 'node:path';
import type { Plan } from '../../dsl/plan/plan.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { Labelled } from '../../stdlib/values/labelled.ts';
import { isMissing } from '../../stdlib/values/missing.ts';
import { ModelHandle } from '../../stdlib/values/model.ts';
import type { ModelUse, ReportInput, RowCall } from '../display/report/input.ts';
import { loadPrices } from '../engine/calls/prices.ts';
import { type RecordedCall, rowCalls } from '../engine/row-calls.ts';
import type { RunResult } from '../engine/run.ts';
import { identityText } from '../engine/store/canonical.ts';
import type { Store } from '../engine/store/store.ts';
import { version } from './version.ts';

export interface ReportSource {
	readonly plan: Plan;
	readonly result: RunResult;
	readonly store: Store;
	readonly startedAt: number;
	/** TypeScript functions that the study uses, by module. */
	readonly modules?: Parameters<typeof rowCalls>[1]['modules'];
}

/** All that the report page shows, from a run's result and the store behind it. */
export function reportInput({ plan, result, store, startedAt, modules }: ReportSource): ReportInput {
	const calls = rowCalls(plan, { library: standardLibrary, store, values: result.values, modules });
	const study = plan.source.path
		? relative(process.cwd(), plan.source.path) || plan.source.path
		: 'study.assay';
	return {
		plan,
		values: result.values,
		run: {
			id: result.run,
			startedAt,
			seconds: result.summary.seconds,
			outcome: result.outcome,
			stopped: result.summary.stopped,
			steps: result.summary.steps,
		},
		spent: result.spent,
		models: modelUses(plan, result, store),
		failures: result.failures,
		prompts: (evalId, row) => calls(evalId, row).map(shownCall),
		environment: {
			node: process.version,
			platform: `${process.platform} ${process.arch}`,
			more: { processor: cpus()[0]?.model.trim() ?? 'unknown' },
		},
		priceDate: loadPrices(dirname(store.path)).asOf,
		version,
		reproduce: { commands: commandsFor(study, plan), cassette: null },
	};
}

function shownCall({ field, request, answer }: RecordedCall): RowCall {
	const messages = request.kind === 'embed' ? [] : request.messages;
	return { field, messages, answer: answerText(request, answer) };
}

function answerText(request: RecordedCall['request'], answer: RecordedCall['answer']): string {
	if (isMissing(answer)) return `missing (${answer.reason}): ${answer.message}`;
	if ('text' in answer) return answer.text;
	if ('logprobs' in answer && request.kind === 'choose') {
		return request.options
			.map((option, i) => `${option}: ${(answer.logprobs[i] ?? Number.NaN).toFixed(3)}`)
			.join('   ');
	}
	return 'logprob' in answer ? `log-probability ${answer.logprob.toFixed(3)}` : 'an embedding';
}

/** What makes the same numbers again: the params that were set are in the plan. */
function commandsFor(study: string, plan: Plan): string[] {
	const params = plan.nodes.flatMap((node) =>
		node.kind === 'value' && node.keyword === 'param' && node.body.op === 'lit'
			? [`--set ${node.id}=${quoted(String(node.body.value))}`]
			: [],
	);
	const settings = params.length > 0 ? ` ${params.join(' ')}` : '';
	return [
		`assay run ${study}${settings}`,
		`assay report ${study}${settings}`,
		`assay cassette ${study}${settings}`,
	];
}

const quoted = (text: string): string =>
	/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The models of the study with the calls behind its results, those of earlier runs included. */
function modelUses(plan: Plan, result: RunResult, store: Store): ModelUse[] {
	const uses = new Map<string, { -readonly [K in keyof ModelUse]: ModelUse[K] }>();
	for (const handle of handlesOf(plan, result)) {
		const { identity, parameters, notice } = handle.provider;
		uses.set(identityText(identity), {
			identity,
			parameters,
			notice,
			calls: 0,
			inputTokens: 0,
			outputTokens: 0,
			usd: 0,
		});
	}
	for (const key of store.usedCalls(plan.nodes.map((node) => node.key))) {
		const call = store.getCall(key);
		const use = call && uses.get(identityText(call.model));
		if (!call || !use) continue;
		use.calls++;
		use.usd = use.usd === null || call.usd === null ? null : use.usd + call.usd;
		if (isMissing(call.outcome)) continue;
		use.inputTokens += call.outcome.usage.inputTokens;
		use.outputTokens += call.outcome.usage.outputTokens;
	}
	return [...uses.values()];
}

function handlesOf(plan: Plan, result: RunResult): Set<ModelHandle> {
	const handles = new Set<ModelHandle>();
	const visit = (value: unknown): void => {
		if (value instanceof ModelHandle) handles.add(value);
		else if (value instanceof Labelled) visit(value.value);
		else if (Array.isArray(value)) for (const item of value) visit(item);
	};
	for (const node of plan.nodes) {
		if (node.kind !== 'value') continue;
		if (node.keyword === 'model' || node.keyword === 'let') visit(result.values.get(node.id));
	}
	return handles;
}
