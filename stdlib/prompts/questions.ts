import { define } from '../define.ts';
import { Prompt } from '../values/prompt.ts';

const user = (content: string, subjects: readonly unknown[]): Prompt =>
	new Prompt([{ role: 'user', content }], subjects);

interface Question {
	readonly question: string;
}

/** A question to be answered in a few words. */
export const openQuestion = (item: Question): Prompt =>
	user(`Question: ${item.question}\nAnswer with a short phrase only, without explanation.`, [item]);

/**
 * Asks whether a proposed answer is true, after answers that the model brainstormed itself: P(True) of Kadavath et al. 2022,
 * section 4, with words for the options, so that they begin the assistant's turn on every kind of model.
 */
export function isItTrue(item: Question, proposed: string, brainstorm: readonly unknown[] = []): Prompt {
	// A sample that failed or was refused is no idea.
	const texts = brainstorm.filter((idea) => typeof idea === 'string').map((idea) => idea.trim());
	const ideas = texts.length === 0 ? '' : `Here are some brainstormed ideas:\n${texts.join('\n')}\n`;
	return user(
		`Question: ${item.question}\n${ideas}Possible answer: ${proposed.trim()}\nIs the possible answer true or false? Answer with True or False only.`,
		[item, proposed],
	);
}

/**
 * The True/False format of Kadavath et al. 2022, section 3.3, with lettered options; the assistant's turn is opened up to
 * the bracket, so A (true) and B (false) continue it.
 */
export function trueFalse(item: Question, proposed: string): Prompt {
	const content = `Question: ${item.question}\nProposed Answer: ${proposed.trim()}\nIs the proposed answer:\n (A) True\n (B) False`;
	return new Prompt(
		[
			{ role: 'user', content },
			{ role: 'assistant', content: 'The proposed answer is: (' },
		],
		[item, proposed],
	);
}

/** A question exactly as it is written, which an opened assistant turn may continue. */
export function ask(question: string | Question, prefill: string | null = null): Prompt {
	const content = typeof question === 'string' ? question : question.question;
	const opened = prefill === null ? [] : [{ role: 'assistant' as const, content: prefill }];
	return new Prompt([{ role: 'user', content }, ...opened], [question]);
}

interface QuestionArgs {
	readonly x: Question;
}

export const openQuestionDefinition = define({
	name: 'open_question',
	signature: 'open_question(x: {question: Text}) -> Prompt',
	doc: 'A question to be answered in a short phrase: for sampling.',
	example: 'samples = m.sample(open_question(x), n: 5)',
	version: 1,
	run: ({ x }: QuestionArgs) => openQuestion(x),
});

interface ProposedArgs {
	readonly x: Question;
	readonly proposed: string;
	readonly brainstorm?: readonly string[] | null;
}

export const isItTrueDefinition = define({
	name: 'is_it_true',
	signature: 'is_it_true(x: {question: Text}, proposed: Text, brainstorm: List<Text>?) -> Prompt',
	doc:
		'Asks whether a proposed answer to a question is true, after other answers that the model thought of. Choose among "True" and "False": ' +
		"they begin the assistant's turn.",
	cite: 'Kadavath et al. 2022 (arXiv:2207.05221), section 4',
	example:
		'p_true = m.choose(is_it_true(x, answer, brainstorm: samples), options: ["True", "False"])["True"]',
	version: 1,
	run: ({ x, proposed, brainstorm }: ProposedArgs) => isItTrue(x, proposed, brainstorm ?? []),
});

export const trueFalseDefinition = define({
	name: 'true_false',
	signature: 'true_false(x: {question: Text}, proposed: Text) -> Prompt',
	doc:
		'Asks whether a proposed answer to a question is (A) true or (B) false. The assistant\'s turn begins with "The proposed answer is: (", ' +
		'so choose among "A" and "B".',
	cite: 'Kadavath et al. 2022 (arXiv:2207.05221), section 3.3',
	example: 'p_true = m.choose(true_false(x, answer), options: ["A", "B"])["A"]',
	version: 1,
	run: ({ x, proposed }: ProposedArgs) => trueFalse(x, proposed),
});

interface AskArgs {
	readonly question: string | Question;
	readonly prefill?: string | null;
}

export const askDefinition = define({
	name: 'ask',
	signature: [
		'ask(question: Text, prefill: Text?) -> Prompt',
		'ask(question: {question: Text}, prefill: Text?) -> Prompt',
	],
	doc:
		"A user's turn with exactly this text, or the row's question; with `prefill`, an assistant's turn that begins with it. After a prefill that ends in a word or a colon, " +
		'options begin with a space.',
	example: 'm.choose(ask(x), options: x.options)',
	version: 1,
	run: ({ question, prefill }: AskArgs) => ask(question, prefill ?? null),
});
