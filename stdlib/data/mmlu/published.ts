import { UserError } from '../../define.ts';
import { describeValue } from '../files/cell-type.ts';
import { csvBatches } from '../files/csv.ts';
import { shownPath } from '../files/digest.ts';
import { type MMLU, MMLU_LETTERS, mmluRow } from './row.ts';

/**
 * Rows of one subject's file, in either layout that is about: the original (question, four choices, a letter, no header)
 * or the one with a header (`index, question, choice0 … choice3, answer`, the answer 0 to 3).
 */
export function readPublishedMmlu(path: string, subject: string): MMLU[] {
	const rows: MMLU[] = [];
	let layout: Layout | null = null;
	for (const batch of csvBatches(path)) {
		for (const { cells, line } of batch) {
			if (layout === null) {
				layout = layoutOf(cells);
				if (layout.header) continue;
			}
			rows.push(readRow(cells, layout, { path, line, subject, index: rows.length }));
		}
	}
	return rows;
}

interface Layout {
	readonly header: boolean;
	readonly width: number;
	/** Columns of the index (null: count), the question, the first choice, the answer. */
	readonly index: number | null;
	readonly question: number;
	readonly choices: number;
	readonly answer: number;
}

const ORIGINAL: Layout = { header: false, width: 6, index: null, question: 0, choices: 1, answer: 5 };

function layoutOf(first: readonly string[]): Layout {
	const question = first.indexOf('question');
	const choices = first.indexOf('choice0');
	const answer = first.indexOf('answer');
	if (question < 0 || choices < 0 || answer < 0) return ORIGINAL;
	const index = first.indexOf('index');
	return { header: true, width: first.length, index: index < 0 ? null : index, question, choices, answer };
}

interface Place {
	readonly path: string;
	readonly line: number;
	readonly subject: string;
	readonly index: number;
}

function readRow(cells: readonly string[], layout: Layout, { path, line, subject, index }: Place): MMLU {
	const problem = (message: string): UserError =>
		new UserError(
			`${shownPath(path)}:${line}: ${message}`,
			'a line of MMLU is a question, four choices and the answer, A to D or 0 to 3',
		);
	if (cells.length !== layout.width) throw problem(`expected ${layout.width} fields, found ${cells.length}`);
	const answer = (cells[layout.answer] as string).trim();
	const right = /^[0-3]$/.test(answer) ? Number(answer) : MMLU_LETTERS.indexOf(answer);
	if (right < 0) throw problem(`expected A, B, C or D in "answer", found ${describeValue(answer)}`);
	const number = layout.index === null ? index : wholeNumber(cells[layout.index] as string);
	if (!Number.isInteger(number))
		throw problem(`expected a Number in "index", found ${describeValue(cells[layout.index ?? 0])}`);
	return mmluRow(
		subject,
		number,
		cells[layout.question] as string,
		cells.slice(layout.choices, layout.choices + 4),
		right,
	);
}

/** An empty cell is no 0. */
const wholeNumber = (cell: string): number => (cell.trim() === '' ? Number.NaN : Number(cell));
