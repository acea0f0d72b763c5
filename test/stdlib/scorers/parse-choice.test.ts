import test from 'ava';
import fc from 'fast-check';
import { chosenOption } from '../../../stdlib/scorers/letter.ts';
import { parseChoice } from '../../../stdlib/scorers/parse-choice.ts';
import { isRefusal } from '../../../stdlib/scorers/refusal.ts';
import { Missing } from '../../../stdlib/values/missing.ts';

const abc = ['a', 'b', 'c'];
const ABCD = ['A', 'B', 'C', 'D'];
const yesNo = ['Yes', 'No'];
const trueFalse = ['True', 'False'];

function read(text: string, options: readonly string[]): string {
	const parsed = parseChoice(text, options);
	return parsed.kind === 'option' ? (options[parsed.index] as string) : parsed.kind;
}

const cases: readonly (readonly [
	name: string,
	answers: readonly (readonly [string, readonly string[], string])[],
])[] = [
	[
		'the whole answer, however it is dressed',
		[
			['(b)', abc, 'b'],
			['B', abc, 'b'],
			['**C**', ABCD, 'C'],
			[' no.', yesNo, 'No'],
			[' (A)', [' (A)', ' (B)'], ' (A)'],
			['(A)', ['(A)', '(B)'], '(A)'],
			['A', ['a', 'A'], 'A'],
			['The grandfather', ['The grandfather', "Can't be determined"], 'The grandfather'],
			["Can't be determined.", ['The grandfather', "Can't be determined"], "Can't be determined"],
		],
	],
	[
		'a stated answer, the last one',
		[
			['The answer is (c).', abc, 'c'],
			['Answer: B\n\nBecause of A.', ABCD, 'B'],
			['The correct answer is **D. Sweat glands**', ABCD, 'D'],
			['First (A) seems right, but the answer is (B)', ABCD, 'B'],
			['$\\boxed{C}$', ABCD, 'C'],
			['I choose option D', ABCD, 'D'],
			["I'd go with B", ABCD, 'B'],
			['The possible answer is: False', trueFalse, 'False'],
			['The answer is 3.', ['1', '2', '3'], '3'],
			['Final answer: (c) The grandfather', abc, 'c'],
		],
	],
	[
		'an answer that opens with an option',
		[
			['b) The grandson', abc, 'b'],
			['B. Skeletal muscles and (A)', ABCD, 'B'],
			['Option C.', ABCD, 'C'],
			['Yes, I would say no more', yesNo, 'Yes'],
			['Yes, always', ['Yes', 'Yes, always'], 'Yes, always'],
		],
	],
	[
		'the only option named',
		[
			['It cannot be determined, so (c)', abc, 'c'],
			['It is true that Mars is red', trueFalse, 'True'],
			['A because of that', ABCD, 'A'],
			['I would say yes, always.', ['Yes', 'Yes, always'], 'Yes, always'],
		],
	],
	[
		'nothing that can be read',
		[
			['', yesNo, 'unparsed'],
			['Either (A) or (B)', ABCD, 'unparsed'],
			['A or B', ABCD, 'unparsed'],
			['It could be A or B', ABCD, 'unparsed'],
			['True or False?', trueFalse, 'unparsed'],
			['That is not true', trueFalse, 'unparsed'],
			['The answer is not A', ABCD, 'unparsed'],
			["It can't be determined", abc, 'unparsed'],
		],
	],
	[
		'letters that are words',
		[
			['I think a man did it', abc, 'unparsed'],
			['The answer is a bit unclear', abc, 'unparsed'],
			['A dog did it', ABCD, 'unparsed'],
			["I'm sure", ['I', 'II'], 'unparsed'],
			['I am a bird and it is b', abc, 'b'],
		],
	],
	[
		'refusals, unless an answer is stated',
		[
			["I'm sorry, but I cannot answer that.", ABCD, 'refused'],
			['I cannot say yes to that', yesNo, 'refused'],
			["I can't choose b or c", abc, 'refused'],
			['As an AI language model, I do not have opinions', yesNo, 'refused'],
			["I can't help with that, but the answer is (B)", ABCD, 'B'],
		],
	],
];

for (const [name, answers] of cases) {
	test(`a choice is read from ${name}`, (t) => {
		for (const [text, options, expected] of answers)
			t.is(read(text, options), expected, JSON.stringify(text));
	});
}

test('every option is read back from the ways in which models state one', (t) => {
	const frames = [
		(o: string) => o,
		(o: string) => `(${o})`,
		(o: string) => `The answer is (${o}).`,
		(o: string) => `Answer: ${o}`,
		(o: string) => ` ${o}.`,
		(o: string) => `${o})`,
	];
	for (const options of [abc, ABCD, yesNo, trueFalse, ['first', 'second one']]) {
		for (const option of options)
			for (const frame of frames) t.is(read(frame(option), options), option, frame(option));
	}
});

test('any text is read without failing', (t) => {
	fc.assert(
		fc.property(
			fc.string({ unit: 'binary', maxLength: 80 }),
			fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
			(text, options) => {
				t.regex(parseChoice(text, options).kind, /^(option|unparsed|refused)$/);
			},
		),
	);
});

test('an answer without a choice is missing with its reason, never a wrong letter', (t) => {
	t.is(chosenOption('(b)', abc), 'b');
	t.like(chosenOption("I'm sorry, but I can't answer.", abc), { reason: 'refused' });
	const unread = chosenOption('Hmm', abc);
	t.true(unread instanceof Missing);
	t.like(unread, { reason: 'unparsed', message: 'none of "a", "b", "c" could be read from the answer' });
});

test('saying that something cannot be known is no refusal', (t) => {
	for (const text of [
		'It cannot be determined from the context.',
		"The text can't tell us.",
		'He refused to answer.',
		'I can help with that.',
		'I cannot think of a better answer than Mars',
	]) {
		t.false(isRefusal(text), text);
	}
	for (const text of [
		'I cannot provide that.',
		"I won't answer this question",
		'I must decline.',
		"I'm not comfortable choosing",
		"I'd rather not say",
		'It would be inappropriate for me to judge',
	]) {
		t.true(isRefusal(text), text);
	}
});
