import { isEstimate } from '../../stdlib/values/estimate.ts';
import type { Table } from '../../stdlib/values/table.ts';
import { hasInterval, levelText } from './estimate-text.ts';

/** How the numbers of a table were made. */
export interface TableLegend {
	/** Confidence levels: `95%`. */
	readonly levels: readonly string[];
	/** Each distinct method with the columns that have it: `accuracy, s: wilson`. */
	readonly methods: readonly string[];
	/** Tests behind p values. */
	readonly tests: readonly string[];
}

/** Null where no number of the table is an estimate. */
export function tableLegend(table: Table): TableLegend | null {
	const columnsOf = new Map<string, Set<string>>();
	const levels = new Set<number>();
	const tests = new Set<string>();
	for (const { name } of table.columns) {
		for (const row of table.rows) {
			const cell = row[name];
			if (!isEstimate(cell) || cell.value === null) continue;
			if (hasInterval(cell)) levels.add(cell.level);
			if (cell.test) tests.add(cell.test.name);
			columnsOf.set(cell.method, (columnsOf.get(cell.method) ?? new Set()).add(name));
		}
	}
	if (columnsOf.size === 0) return null;
	return {
		levels: [...levels].map(levelText),
		methods: [...columnsOf].map(([method, columns]) => `${[...columns].join(', ')}: ${method}`),
		tests: [...tests],
	};
}

/** The legend as a sentence under a table in a page. */
export function legendSentence({ levels, methods, tests }: TableLegend): string {
	const said = levels.length > 0 ? `± and brackets are ${levels.join(' and ')} intervals. ` : '';
	return `${said}${methods.join('; ')}${tests.length > 0 ? `; p: ${tests.join(', ')}` : ''}.`;
}
