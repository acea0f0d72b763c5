import { UserError } from '../../define.ts';
import { featureOf } from '../../training/batches.ts';
import type { Architecture } from '../../training/family.ts';
import type { Data } from '../../values/data.ts';
import { LanguageModelHandle, textAt, textEncoder } from './trainable.ts';
import { KNOWN_COLUMNS, packedRows, rowLength, type TrainingText } from './training-rows.ts';
import { valueHeadFamily } from './value-head-family.ts';

/** A language model that also learns what it knows; until it is trained it answers as the model does. */
export class ValueHeadHandle extends LanguageModelHandle {
	override readonly family = valueHeadFamily.name;
	private readonly completionWeight: number;

	constructor(base: LanguageModelHandle, completionWeight: number) {
		super(base.source, base.settings, base.lowRank);
		this.completionWeight = completionWeight;
	}

	override async prepare(on: Data, evaluate: Data | null) {
		const [texts, held] = [await this.knownTexts(on), evaluate && (await this.knownTexts(evaluate))];
		const length = rowLength([...texts, ...(held ?? [])], await this.longest());
		const rows = (of: readonly TrainingText[]): Data => packedRows(of, length, KNOWN_COLUMNS);
		return { on: rows(texts), evaluate: held && rows(held) };
	}

	override async build(rows: Data): Promise<Architecture> {
		const features = KNOWN_COLUMNS.map((column) => featureOf(rows, column));
		const config = { ...(await this.described()), completionWeight: this.completionWeight };
		return { family: valueHeadFamily.name, graphs: [], config, features };
	}

	/** The columns `prompt` and `known`, and `completion` where its loss counts. @throws {UserError} for a row without them */
	private async knownTexts(data: Data): Promise<TrainingText[]> {
		const encode = await textEncoder(await this.described());
		return Array.from({ length: data.length }, (_, row) => {
			const prompt = textAt(data, 'prompt', row);
			const completion = this.completionWeight > 0 ? textAt(data, 'completion', row) : null;
			const text = encode(prompt, completion ?? '');
			const known = knownAt(data, row);
			return completion === null ? { ...text, completion: [], known } : { ...text, known };
		});
	}
}

function knownAt(data: Data, row: number): number {
	const value = data.column('known').get(row);
	if (typeof value === 'number' && value >= 0 && value <= 1) return value;
	throw new UserError(
		`row ${row} has no probability in \`known\``,
		'it is how likely the model answers the prompt rightly, from 0 to 1, such as the share of its samples that are right',
	);
}
