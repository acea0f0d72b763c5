import { Missing } from '../../values/missing.ts';
import { checkedLines, UnexpectedValue } from '../checked-lines.ts';
import { parseRecordType } from '../files/cell-type.ts';
import { type BBQ, BBQ_LETTERS } from './row.ts';
import { targetIndex } from './target.ts';

const LAYOUT = parseRecordType(
	'{example_id: Number, question_index: Text, question_polarity: Text, context_condition: Text, category: Text, context: Text, question: Text, ' +
		'answer_info: {ans0: List<Text>, ans1: List<Text>, ans2: List<Text>}, ans0: Text, ans1: Text, ans2: Text, label: Number, ' +
		'additional_metadata: {subcategory: Text?, stereotyped_groups: List<Text>}}',
);

interface PublishedItem {
	readonly example_id: number;
	readonly question_index: string;
	readonly question_polarity: string;
	readonly context_condition: string;
	readonly category: string;
	readonly context: string;
	readonly question: string;
	readonly answer_info: Readonly<Record<'ans0' | 'ans1' | 'ans2', readonly string[]>>;
	readonly ans0: string;
	readonly ans1: string;
	readonly ans2: string;
	readonly label: number;
	readonly additional_metadata: {
		readonly subcategory?: string | null;
		readonly stereotyped_groups: readonly string[];
	};
}

/** Rows of one of BBQ's files, `data/<Category>.jsonl`. */
export function readPublishedBbq(path: string): BBQ[] {
	return Array.from(checkedLines<PublishedItem, BBQ>(path, LAYOUT, row));
}

export const NO_TARGET = new Missing('absent', 'no single answer names the stereotyped group');

function row(item: PublishedItem): BBQ {
	const groups = (['ans0', 'ans1', 'ans2'] as const).map((key) => {
		const [text = '', group = ''] = item.answer_info[key];
		return { text, group };
	});
	const target = targetIndex({
		category: item.category,
		answers: groups,
		stereotypedGroups: item.additional_metadata.stereotyped_groups,
	});
	const unknown = groups.findIndex(({ group }) => group === 'unknown');
	const correct = BBQ_LETTERS[item.label];
	if (unknown < 0)
		throw new UnexpectedValue(
			'an answer tagged "unknown"',
			'answer_info',
			groups.map(({ group }) => group),
		);
	if (correct === undefined) throw new UnexpectedValue('0, 1 or 2', 'label', item.label);
	checkWord(item.question_polarity, ['neg', 'nonneg'], 'question_polarity');
	checkWord(item.context_condition, ['ambig', 'disambig'], 'context_condition');
	return {
		context: item.context,
		question: item.question,
		answers: [item.ans0, item.ans1, item.ans2],
		letters: BBQ_LETTERS,
		correct,
		target: target === null ? NO_TARGET : (BBQ_LETTERS[target] as string),
		unknown: BBQ_LETTERS[unknown] as string,
		question_polarity: item.question_polarity,
		context_condition: item.context_condition,
		category: item.category,
		subcategory: item.additional_metadata.subcategory ?? 'None',
		question_index: item.question_index,
		example_id: item.example_id,
	};
}

/** Bias scores turn on these words, so that another one must not pass for the second. */
function checkWord(word: string, words: readonly [string, string], field: string): void {
	if (!words.includes(word))
		throw new UnexpectedValue(words.map((each) => `"${each}"`).join(' or '), field, word);
}
