import type { Tensor, Variable } from '@tensorflow/tfjs';
import { debug } from '../debug.ts';
import type { Tfjs } from '../tfjs.ts';
import type { OnnxBackend } from './backend.ts';
import { collect } from './pending-graph.ts';
import { difference, NotReplayable, planStep, type StepPlan } from './step-plan.ts';
import { type Value, valuesMade } from './value.ts';

type Step = (...inputs: Tensor[]) => Tensor[];

/** Where a step with arguments of certain shapes stands: traced so often, compiled, or not to be compiled. */
type State =
	| { readonly traces: number; readonly plan: StepPlan | null; readonly agreed: boolean }
	| 'impossible';

/**
 * Traces a step until two traces agree, then runs the compiled graph without calling the step again: tracing costs 12 to
 * 24 µs an operation, up to a fifth of a transformer's step.
 */
export class StepReplay {
	private readonly tf: Tfjs;
	private readonly backend: OnnxBackend;
	private readonly step: Step;
	private readonly states = new Map<string, State>();

	constructor(tf: Tfjs, backend: OnnxBackend, step: Step) {
		this.tf = tf;
		this.backend = backend;
		this.step = step;
	}

	call(inputs: Tensor[]): Tensor[] {
		const key = inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join();
		const state = this.states.get(key) ?? { traces: 0, plan: null, agreed: false };
		if (state === 'impossible') return this.tf.tidy(() => this.step(...inputs));
		if (state.agreed && state.plan) return this.replay(state.plan, inputs);
		return this.trace(key, state, inputs);
	}

	private trace(key: string, state: Exclude<State, 'impossible'>, inputs: Tensor[]): Tensor[] {
		const { tf, backend } = this;
		let results: Tensor[] = [];
		let problem: string | null = null;
		// Materialised first, so that what was there before the step is told from what it makes.
		backend.flush();
		for (const input of inputs) backend.expectChange(input.dataId);
		const before = { serial: valuesMade(), inputs, variables: this.variablesByValue() };
		const { interrupted } = backend.traced(() => {
			results = tf.tidy(() => this.step(...inputs));
		});
		const graph = collect(backend.pendingValues());
		try {
			if (interrupted) throw new NotReplayable('it reads a tensor');
			const plan = planStep(backend, graph, before, this.variables(), results);
			problem = state.plan && difference(state.plan, plan);
			// The first trace may make variables, such as an optimiser's.
			const settled = state.plan && !problem;
			this.hold(plan);
			// The first step makes the optimiser's variables: its graph holds memory and never runs again.
			if (state.plan && state.plan.session !== plan.session) backend.forget(state.plan.session);
			this.states.set(key, { traces: state.traces + 1, plan, agreed: Boolean(settled) });
			if (state.traces < 2) problem = null;
		} catch (reason) {
			if (!(reason instanceof NotReplayable)) throw reason;
			if (state.traces > 0) problem = reason.message;
			else this.states.set(key, { traces: 1, plan: null, agreed: false });
		}
		if (problem) {
			debug('a step is traced every time: %s', problem);
			this.states.set(key, 'impossible');
		}
		backend.flush();
		return results;
	}

	private replay(plan: StepPlan, inputs: Tensor[]): Tensor[] {
		const { backend } = this;
		backend.flush();
		const leaves = plan.sources.map((source): Value => {
			if (source.kind === 'argument')
				return backend.valueBehind((inputs[source.index] as Tensor).dataId) as Value;
			if (source.kind === 'variable') return backend.valueBehind(source.variable.dataId) as Value;
			return source.value;
		});
		const outputs = backend.execute({ leaves, wanted: plan.graph.wanted, like: plan.graph }, plan.session);
		const results: Tensor[] = [];
		plan.targets.forEach((target, i) => {
			const info = plan.graph.wanted[i] as Value;
			const value = backend.filled(info, outputs[i] as (typeof outputs)[number]);
			if (target.kind === 'variable') this.set(target.variable, value);
			else results[target.index] = this.tensor(value, plan.results[target.index]?.shape as number[]);
		});
		return results;
	}

	private set(variable: Variable, value: Value): void {
		const { backend } = this;
		if (backend.refCount(variable.dataId) === 1) {
			backend.exchange(variable.dataId, value);
			return;
		}
		// Somebody else holds the numbers of before.
		variable.assign(this.tensor(value, variable.shape) as never);
	}

	private tensor(value: Value, shape: number[]): Tensor {
		const { dataId, dtype } = this.backend.adopt(value);
		return this.tf.engine().makeTensorFromDataId(dataId, shape, dtype, this.backend) as Tensor;
	}

	/** What the plan reads besides arguments and variables stays for good. */
	private hold({ sources }: StepPlan): void {
		for (const source of sources)
			if (source.kind === 'kept' || source.kind === 'written') source.value.pooled = false;
	}

	private variables(): Variable[] {
		return Object.values(this.tf.engine().registeredVariables);
	}

	private variablesByValue(): Map<Value, Variable> {
		const found = new Map<Value, Variable>();
		for (const variable of this.variables()) {
			if (variable.isDisposed) continue;
			const value = this.backend.valueBehind(variable.dataId);
			if (value) found.set(value, variable);
		}
		return found;
	}
}
