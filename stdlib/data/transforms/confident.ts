import type { RunContext } from '../../context.ts';
import { define, UserError } from '../../define.ts';
import { NumberColumn, ValueColumn } from '../../values/column.ts';
import type { Data } from '../../values/data.ts';
import { isMissing } from '../../values/missing.ts';
import { pick, type RowFunction, wholeNumber } from './rows.ts';
import { sayLeftOut } from './sample.ts';

interface Scored {
	readonly row: number;
	readonly confidence: number;
}

/**
 * Keeps, for each label, the `keep` rows in which a judge that gives `p` to "yes" is surest of that label: only rows whose
 * likelier answer is the label, best first (papers: Perez et al. 2022, section 3.1). An even 0.5 counts as yes.
 */
export function confident(
	data: Data,
	p: RowFunction,
	label: RowFunction,
	keep: number,
): { readonly data: Data; readonly leftOut: number } {
	const count = wholeNumber(keep, 'keep');
	const [yes, no]: [Scored[], Scored[]] = [[], []];
	let leftOut = 0;
	for (let row = 0; row < data.length; row++) {
		const [probability, wanted] = [p(row), label(row)];
		if (isMissing(probability) || isMissing(wanted) || probability === null || wanted === null) {
			leftOut++;
			continue;
		}
		const yesProbability = checkedProbability(probability);
		if (wanted === true && yesProbability >= 0.5) yes.push({ row, confidence: yesProbability });
		if (wanted === false && yesProbability < 0.5) no.push({ row, confidence: 1 - yesProbability });
	}
	const kept = [...best(yes, count), ...best(no, count)];
	const yesKept = Math.min(yes.length, count);
	const columns = {
		confidence: new NumberColumn(Float64Array.from(kept, ({ confidence }) => confidence)),
		matching: new ValueColumn(kept.map((_, i) => (i < yesKept ? 'Yes' : 'No'))),
	};
	return {
		data: pick(
			data,
			kept.map(({ row }) => row),
		).with(columns),
		leftOut,
	};
}

const best = (rows: Scored[], count: number): Scored[] =>
	rows.sort((a, b) => b.confidence - a.confidence || a.row - b.row).slice(0, count);

function checkedProbability(value: unknown): number {
	if (typeof value === 'number' && value >= 0 && value <= 1) return value;
	throw new UserError(`confident needs a probability between 0 and 1, found ${String(value)}`);
}

interface ConfidentArgs {
	readonly data: Data;
	readonly p: RowFunction;
	readonly label: RowFunction;
	readonly keep: number;
}

export const confidentDefinition = define({
	name: 'confident',
	signature:
		'confident(data: Data<R>, p: R -> Prob, label: R -> Bool, keep: Number) -> Data<{...R, confidence: Prob, matching: Text}>',
	doc:
		'For each label the `keep` rows in which a judge is surest of it, best first, true labels before false ones. p is the probability that the ' +
		'judge gives to "yes"; only rows whose likelier answer is their label are kept. Adds `confidence` (p, or 1 - p where the label is false) and ' +
		'`matching` ("Yes" or "No"). Rows where p or the label is missing are left out.',
	cite: 'Perez et al. 2022 (arXiv:2212.09251), section 3.1',
	example: 'drafts |> confident(p_yes, label: agree, keep: 500)',
	version: 1,
	run: ({ data, p, label, keep }: ConfidentArgs, context: RunContext) => {
		const { data: kept, leftOut } = confident(data, p, label, keep);
		sayLeftOut('confident', leftOut, context);
		return kept;
	},
});
