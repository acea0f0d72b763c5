import type { Row } from '../values/data.ts';
import type { Table } from '../values/table.ts';
import type { Family } from './family.ts';

/** A line of a training run's history; columns that were not measured there are null. */
export type HistoryRow = Row & { readonly step: number };

/** Mean loss, its parts and the largest gradient norm since the last line. */
export class LossMeter {
	private count = 0;
	private sums: Record<string, number> = {};

	static from(state: LossState | undefined): LossMeter {
		const meter = new LossMeter();
		if (state) Object.assign(meter, { count: state.count, sums: { ...state.sums } });
		return meter;
	}

	get state(): LossState {
		return { count: this.count, sums: this.sums };
	}

	add(values: Readonly<Record<string, number>>): void {
		this.count++;
		for (const [name, value] of Object.entries(values)) this.sums[name] = (this.sums[name] ?? 0) + value;
	}

	/** The means, and a new start. */
	take(): Record<string, number> {
		const means = Object.fromEntries(
			Object.entries(this.sums).map(([name, sum]) => [name, sum / Math.max(1, this.count)]),
		);
		this.count = 0;
		this.sums = {};
		return means;
	}
}

export interface LossState {
	readonly count: number;
	readonly sums: Readonly<Record<string, number>>;
}

export const historyColumns = (family: Family): readonly string[] => [
	'step',
	'epoch',
	'loss',
	...family.parts,
	'gradient_norm',
	'rate',
	...family.measures,
];

export function historyTable(
	name: string,
	family: Family,
	rows: readonly HistoryRow[],
	notices: readonly string[],
): Table {
	const columns = historyColumns(family);
	return {
		kind: 'table',
		name,
		columns: columns.map((column) => ({ name: column, role: column === 'step' ? 'group' : 'value' })),
		rows: rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))),
		notices,
		models: [],
		lineage: null,
	};
}
