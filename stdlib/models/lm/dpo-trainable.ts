import type { WeightValue } from '../../nets/weights.ts';
import { featureOf } from '../../training/batches.ts';
import type { Architecture } from '../../training/family.ts';
import { Data } from '../../values/data.ts';
import { tensorValue } from '../../values/tensor.ts';
import { COMPLETION_COLUMNS, dpoFamily, REFERENCE } from './dpo-family.ts';
import { lengthsOf, type Pair, paddedLength, pairsOf } from './preference-trainable.ts';
import { LanguageModelHandle } from './trainable.ts';
import type { TrainingText } from './training-rows.ts';

/** A language model that is trained on preferences; until then it answers as the model does. */
export class DpoHandle extends LanguageModelHandle {
	override readonly family = dpoFamily.name;
	private readonly beta: number;

	constructor(base: LanguageModelHandle, beta: number) {
		super(base.source, base.settings, base.lowRank);
		this.beta = beta;
	}

	override async prepare(on: Data, evaluate: Data | null) {
		const [pairs, held] = [await pairsOf(this, on), evaluate && (await pairsOf(this, evaluate))];
		const length = paddedLength(Math.max(1, ...[...pairs, ...(held ?? [])].flatMap(lengthsOf)));
		return { on: completionRows(pairs, length), evaluate: held && completionRows(held, length) };
	}

	override async build(rows: Data): Promise<Architecture> {
		const features = COMPLETION_COLUMNS.map((column) => featureOf(rows, column));
		const config = { ...(await this.described()), beta: this.beta };
		return { family: dpoFamily.name, graphs: [], config, features };
	}

	override async start(): Promise<ReadonlyMap<string, WeightValue>> {
		const start = await super.start();
		if (this.lowRank) return start;
		const kept = [...start].map(([name, value]) => [`${REFERENCE}${name}`, value] as const);
		return new Map([...start, ...kept]);
	}
}

const completionRows = (pairs: readonly Pair[], length: number): Data =>
	Data.fromRows(
		pairs.map(({ first, second, preferred }) => ({
			...columnsOf('first', first, length),
			...columnsOf('second', second, length),
			preferred,
		})),
		[],
		COMPLETION_COLUMNS,
	);

/** Each token's label is the next; those of the completion are learned. */
function columnsOf(name: string, { prompt, completion }: TrainingText, length: number) {
	const whole = [...prompt, ...completion];
	const column = (at: (place: number) => number) =>
		tensorValue(
			[length],
			Float32Array.from({ length }, (_, place) => (place + 1 < whole.length ? at(place) : 0)),
		);
	return {
		[name]: column((place) => whole[place] as number),
		[`${name}_labels`]: column((place) => whole[place + 1] as number),
		[`${name}_weights`]: column((place) => (place + 1 >= prompt.length ? 1 : 0)),
	};
}
