import { define, UserError } from '../define.ts';
import { Choice } from '../values/choice.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, cellAt, isGap, toNumber, toProbability } from './cells.ts';
import { mean } from './mean.ts';

/** What a row's probabilities are scored against: whether it was right, or which option is. */
type Truth = boolean | string;

/** Loss of one row's probability p that the outcome is 1; y is 0 or 1. */
type BinaryLoss = (p: number, y: number) => number;
type ChoiceLoss = (choice: Choice, answer: string) => number;

const squared: BinaryLoss = (p, y) => (p - y) ** 2;

/** Squared error summed over the options, 0…2. */
const squaredOverOptions: ChoiceLoss = (choice, answer) => {
	let sum = 0;
	choice.options.forEach((option, i) => {
		sum += ((choice.probs[i] as number) - (option === answer ? 1 : 0)) ** 2;
	});
	return sum;
};

/** Keeps one certain mistake from making the mean infinite. */
const CLIP = 1e-15;
const clipped = (p: number): number => Math.min(1 - CLIP, Math.max(CLIP, p));

const logarithmic: BinaryLoss = (p, y) => -(y * Math.log(clipped(p)) + (1 - y) * Math.log(1 - clipped(p)));
const logarithmicOfAnswer: ChoiceLoss = (choice, answer) => -Math.log(clipped(choice.prob(answer) ?? 0));

/** Losses by row, NaN where a row has none. */
function losses(
	p: Cells<unknown>,
	truth: Cells<unknown>,
	binary: BinaryLoss,
	ofChoice: ChoiceLoss,
): Float64Array {
	if (p.length !== truth.length)
		throw new UserError(`the columns have ${p.length} and ${truth.length} rows; a score needs both`);
	return Float64Array.from({ length: p.length }, (_, row) => {
		const [stated, outcome] = [cellAt(p, row), cellAt(truth, row)];
		if (isGap(stated) || isGap(outcome)) return Number.NaN;
		if (typeof outcome !== 'string') return binary(toProbability(stated), toNumber(outcome));
		if (!(stated instanceof Choice))
			throw new UserError(
				"an answer's name needs a Choice to be scored against, not a number",
				'give a column of true and false instead',
			);
		if (!stated.options.includes(outcome)) {
			throw new UserError(
				`the answer "${outcome.slice(0, 40)}" is none of the options ${stated.options.join(', ')}`,
				'the answer column must spell options as the choice does',
			);
		}
		return ofChoice(stated, outcome);
	});
}

const score =
	(binary: BinaryLoss, ofChoice: ChoiceLoss) =>
	(p: Cells<number | Choice>, truth: Cells<Truth>): Estimate =>
		mean(losses(p, truth, binary, ofChoice));

/** Mean (p - y)²; against an option's name, the squared error summed over options. */
export const brier = score(squared, squaredOverOptions);

/** Mean -ln of the probability given to what happened, p clipped to [1e-15, 1 - 1e-15]. */
export const logLoss = score(logarithmic, logarithmicOfAnswer);

type Args = { readonly p: Column<number | Choice>; readonly truth: Column<Truth> };

const describe = (name: string, doc: string, cite: string, compute: typeof brier) =>
	define<Args, Estimate>({
		name,
		signature: [
			`${name}(p: Column<Number? | Choice>, truth: Column<Bool?>) -> Estimate`,
			`${name}(p: Column<Choice>, truth: Column<Text?>) -> Estimate`,
		],
		doc: `${doc} Missing pairs are left out and counted; the standard error is that of a mean.`,
		cite,
		example: `${name} = ${name}(p_true, correct)`,
		version: 1,
		acceptsMissing: true,
		run: ({ p, truth }) => compute(p, truth),
		point: ({ p, truth }) => compute(p, truth).value,
	});

export const brierDefinition = describe(
	'brier',
	"Brier score: mean squared difference between the stated probability and what happened, 0 is best; of a Choice the best option's probability is used. With the right option's name as `truth`, the squared error summed over all options.",
	'Brier 1950',
	brier,
);
export const logLossDefinition = describe(
	'log_loss',
	"Logarithmic loss in nats: mean of -ln of the probability given to what happened, clipped at 1e-15; of a Choice the best option's probability is used. With the right option's name as `truth`, -ln of its probability.",
	'Good 1952',
	logLoss,
);
