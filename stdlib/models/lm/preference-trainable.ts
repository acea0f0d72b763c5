import { UserError } from '../../define.ts';
import { featureOf } from '../../training/batches.ts';
import type { Architecture, Trainable } from '../../training/family.ts';
import { Data } from '../../values/data.ts';
import { tensorValue } from '../../values/tensor.ts';
import { PAIR_COLUMNS, preferenceFamily } from './preference-family.ts';
import type { Token } from './tokenizer.ts';
import { type LanguageModelHandle, textAt, textEncoder } from './trainable.ts';
import type { TrainingText } from './training-rows.ts';

/** Two texts after one prompt, as tokens. */
export interface Pair {
	readonly first: TrainingText;
	readonly second: TrainingText;
	/** Probability that the first is preferred. */
	readonly preferred: number;
}

/** Lengths of rows come in steps, as each is compiled. */
const STEP = 16;

export const paddedLength = (longest: number): number => STEP * Math.ceil(longest / STEP);

/** A preference model from a language model: its decoder with a scalar head. */
export function preferenceTrainable(base: LanguageModelHandle): Trainable {
	return {
		kind: 'trainable',
		family: preferenceFamily.name,
		async prepare(on, evaluate) {
			const [pairs, held] = [await pairsOf(base, on), evaluate && (await pairsOf(base, evaluate))];
			const lengths = [...pairs, ...(held ?? [])].flatMap(lengthsOf);
			const length = paddedLength(Math.max(1, ...lengths));
			return { on: pairRows(pairs, length), evaluate: held && pairRows(held, length) };
		},
		async build(rows): Promise<Architecture> {
			const features = PAIR_COLUMNS.map((column) => featureOf(rows, column));
			return { family: preferenceFamily.name, graphs: [], config: await base.described(), features };
		},
		start: () => base.start(),
	};
}

/** The columns `prompt`, `chosen`, `rejected` and, where there is one, `preferred`. @throws {UserError} for a row that is no pair */
export async function pairsOf(base: LanguageModelHandle, data: Data): Promise<Pair[]> {
	const [encode, longest] = [await textEncoder(await base.described()), await base.longest()];
	const label = data.columns.get('preferred');
	return Array.from({ length: data.length }, (_, row) => {
		const text = (column: string): TrainingText => {
			const found = encode(textAt(data, 'prompt', row), textAt(data, column, row));
			const length = found.prompt.length + found.completion.length;
			if (length <= longest) return found;
			throw new UserError(
				`row ${row} has ${length} tokens with \`${column}\`, more than the model's context of ${longest} allows`,
				'leave such rows out or cut them short',
			);
		};
		return { first: text('chosen'), second: text('rejected'), preferred: preferredAt(label?.get(row), row) };
	});
}

function preferredAt(value: unknown, row: number): number {
	if (value === undefined) return 1;
	if (typeof value === 'number' && value >= 0 && value <= 1) return value;
	throw new UserError(
		`row ${row} has no probability in \`preferred\``,
		'it is how likely `chosen` is preferred, from 0 to 1',
	);
}

const pairRows = (pairs: readonly Pair[], length: number): Data =>
	Data.fromRows(
		pairs.map(({ first, second, preferred }) => {
			const [a, b] = [wholeOf(first), wholeOf(second)];
			const rows = { first: tokenRow(a, length), second: tokenRow(b, length) };
			return { ...rows, first_last: a.length - 1, second_last: b.length - 1, preferred };
		}),
		[],
		PAIR_COLUMNS,
	);

const wholeOf = ({ prompt, completion }: TrainingText): Token[] => [...prompt, ...completion];

/** Tokens of both texts of a pair. */
export const lengthsOf = ({ first, second }: Pair): readonly number[] => [
	wholeOf(first).length,
	wholeOf(second).length,
];

function tokenRow(tokens: readonly Token[], length: number) {
	const values = new Float32Array(length);
	values.set(tokens);
	return tensorValue([length], values);
}
