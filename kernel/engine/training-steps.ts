import { createHash } from 'node:crypto';
import type { TrainNode } from '../../dsl/plan/plan.ts';
import type { TrainingContext } from '../../stdlib/context.ts';
import type { TrainingSummary } from '../../stdlib/training/train.ts';
import { TrainedModel } from '../../stdlib/training/trained-model.ts';
import { compile } from './evaluate/compile.ts';

import { type EvaluationContext, Frame } from './evaluate/frame.ts';
import { type Environment, NO_SCOPE } from './evaluate/scope.ts';
import type { Store } from './store/store.ts';

/** `train T { … }` is a call of the library's `train` with the settings as arguments. */
export async function computeTrain(
	node: TrainNode,
	env: Environment,
	context: EvaluationContext,
): Promise<unknown> {
	const call = { op: 'call' as const, fn: 'train', args: node.settings, loc: node.loc };
	return compile(call, env, NO_SCOPE).run(Frame.of(context));
}

/** Bytes in one chunk of a checkpoint: a row of the database. */
const CHUNK_BYTES = 16 << 20;

interface CheckpointMeta {
	readonly format: 'assay-training/1';
	readonly chunks: number;
}

/**
 * Where a training run's checkpoint is: a step beside its own, written as a whole or not at all, and gone when the run is
 * finished.
 */
export class TrainingCheckpoint {
	private readonly store: Store;
	private readonly key: string;

	constructor(store: Store, stepKey: string) {
		this.store = store;
		this.key = createHash('sha256').update(`${stepKey}/checkpoint`).digest('hex');
	}

	readonly read = (): Uint8Array | null => {
		const meta = this.store.getStep(this.key)?.meta as CheckpointMeta | undefined;
		if (meta?.format !== 'assay-training/1') return null;
		return Buffer.concat(Array.from({ length: meta.chunks }, (_, i) => this.store.readChunk(this.key, i)));
	};

	readonly write = (bytes: Uint8Array): void => {
		const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
		const meta: CheckpointMeta = { format: 'assay-training/1', chunks };
		const parts = Array.from({ length: chunks }, (_, i) =>
			bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
		);
		this.store.writeStep(this.key, meta, parts);
	};

	clear(): void {
		if (this.read()) this.store.writeStep(this.key, { format: 'none' }, []);
	}
}

/** What the engine gives to a training run. */
export function trainingContext(
	node: TrainNode,
	parts: {
		readonly checkpoint: TrainingCheckpoint | null;
		readonly progress: NonNullable<TrainingContext['progress']>;
		readonly plan: ((summary: TrainingSummary) => void) | null;
	},
): TrainingContext {
	const { checkpoint, progress, plan } = parts;
	return {
		name: node.declaration,
		progress,
		...(checkpoint ? { checkpoint } : {}),
		...(plan ? { plan } : {}),
	};
}

/** The trained model whose file has this hash, or null where the file is gone. */
export function trainedModelFrom(store: Store, sha256: string): TrainedModel | null {
	const bytes = store.getArtefact(sha256);
	return bytes ? TrainedModel.from(bytes) : null;
}
