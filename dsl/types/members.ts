import { argOf, isApp, listOf, NUMBER, optionOf, PROB, TEXT, type Type } from './type.ts';

/** Fields that values of built-in types have, with their types and what they mean. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, readonly [Type, string]>>>> = {
	Choice: {
		best: [TEXT, 'The most probable option; the first one on ties.'],
		best_prob: [PROB, 'Its probability.'],
		probs: [listOf(PROB), 'Probabilities in the order of the options; they sum to 1.'],
		options: [listOf(TEXT), 'The options as they were given.'],
		outside: [
			optionOf(PROB),
			'Probability the model gave to anything but the options, before normalising; none where it cannot be known.',
		],
		entropy: [NUMBER, 'Entropy of the distribution in nats.'],
	},
	Estimate: {
		value: [NUMBER, 'The estimate itself.'],
		se: [optionOf(NUMBER), 'Its standard error.'],
		low: [optionOf(NUMBER), 'Lower end of its interval.'],
		high: [optionOf(NUMBER), 'Upper end of its interval.'],
		n: [NUMBER, 'Rows that it was computed from.'],
		missing: [NUMBER, 'Rows left out because a value was missing.'],
	},
	Model: {
		name: [TEXT, 'Short name, as shown in tables and legends.'],
		parameters: [optionOf(NUMBER), 'Number of weights; none where it is not published.'],
	},
	List: { length: [NUMBER, 'Number of items.'] },
	Data: { length: [NUMBER, 'Number of rows.'] },
	Text: { length: [NUMBER, 'Number of characters (code points).'] },
	Interval: { low: [NUMBER, 'Lower end.'], high: [NUMBER, 'Upper end.'] },
	Labelled: { name: [TEXT, 'The name that the value has in the record which `for` goes over.'] },
};

export interface Member {
	readonly name: string;
	readonly type: Type;
	readonly doc: string | null;
}

/** Everything that can stand after `value.`, methods left out. */
export function membersOf(type: Type): Member[] {
	if (isApp(type, 'Labelled'))
		return [...builtIn('Labelled'), ...membersOf(argOf(type)).filter((m) => m.name !== 'name')];
	if (isApp(type, 'Trained')) return membersOf(argOf(type));
	if (type.k === 'record') return [...type.fields].map(([name, field]) => ({ name, type: field, doc: null }));
	if (type.k === 'model') return builtIn('Model');
	return type.k === 'app' ? builtIn(type.name) : [];
}

/** The built-in types that have fields, with the fields. */
export const builtInMembers = (): ReadonlyMap<string, readonly Member[]> =>
	new Map(Object.keys(MEMBERS).map((head) => [head, builtIn(head)]));

const builtIn = (head: string): Member[] =>
	Object.entries(MEMBERS[head] ?? {}).map(([name, [type, doc]]) => ({ name, type, doc }));
