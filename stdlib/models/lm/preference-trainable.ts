import { UserError } from '../../define.ts';
import { featureOf } from '../../training/batches.ts';
import type { Architecture, Trainable } from '../../training/family.ts';
import { Data } from '../../values/data.ts';
import { tensorValue } from '../../values/tensor.ts';
import { PAIR_COLUMNS, preferenceFamily } from './preference-family.ts';
import type { Token } from './tokenizer.ts';
import { type LanguageModelHandle, textAt, textEncoder } from './trainable.ts';

interface Pair {
	readonly first: readonly Token[];
	readonly second: readonly Token[];
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
			const lengths = [...pairs, ...(held ?? [])].flatMap(({ first, second }) => [
				first.length,
				second.length,
			]);
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

async function pairsOf(base: LanguageModelHandle, data: Data): Promise<Pair[]> {
	const [encode, longest] = [await textEncoder(await base.described()), await base.longest()];
	const label = data.columns.get('preferred');
	return Array.from({ length: data.length }, (_, row) => {
		const text = (column: string): Token[] => {
			const { prompt, completion } = encode(textAt(data, 'prompt', row), textAt(data, column, row));
			const tokens = [...prompt, ...completion];
			if (tokens.length <= longest) return tokens;
			throw new UserError(
				`row ${row} has ${tokens.length} tokens with \`${column}\`, more than the model's context of ${longest} allows`,
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
		pairs.map(({ first, second, preferred }) => ({
			first: tokenRow(first, length),
			second: tokenRow(second, length),
			first_last: first.length - 1,
			second_last: second.length - 1,
			preferred,
		})),
		[],
		PAIR_COLUMNS,
	);

function tokenRow(tokens: readonly Token[], length: number) {
	const values = new Float32Array(length);
	values.set(tokens);
	return tensorValue([length], values);
}
