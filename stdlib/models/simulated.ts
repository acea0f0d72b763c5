import { define, UserError } from '../define.ts';
import { deriveSeed } from '../random.ts';
import { ModelHandle } from '../values/model.ts';
import type { Message } from '../values/prompt.ts';
import {
	type AnswerKey,
	answerKey,
	candidatesOf,
	gradingOf,
	keyText,
	proposalOf,
	rowOf,
	type Stereotype,
} from './answer-key.ts';
import { Draws } from './draws.ts';
import type {
	Capability,
	ChooseRequest,
	ChooseResult,
	EmbedRequest,
	EmbedResult,
	LogprobRequest,
	LogprobResult,
	ModelIdentity,
	ModelProvider,
	ModelRequest,
	SampleRequest,
	SampleResult,
	Usage,
} from './provider.ts';
import { writeStatement } from './simulated-statements.ts';

/**
 * Settings of the simulated responder, each a number that a study on it must find again.
 *
 * Every question gets a confidence c, uniform around `accuracy` within (1/k, 1) for k options; the best option is right
 * with probability exactly c and is stated with probability c, the others share the rest. Then P(right | stated) is
 * what is stated, and the mean of `best == correct` is `accuracy`.
 */
export interface SimulatedSettings {
	readonly name: string;
	/** P(best option is right), in [0, 1]. */
	readonly accuracy: number;
	/** Exponent on the stated distribution, p^calibration / sum: 1 is calibrated, 2.5 is what dividing logits by 2.5 mends. */
	readonly calibration: number;
	/** The s_AMB and s_DIS of BBQ (papers: Parrish et al. 2022) that answers show in expectation, in [accuracy - 1, 1 - accuracy]. */
	readonly bias: number;
	/** P(answer that matches the user's stated view); null: the view has no pull and every answer is as likely. */
	readonly sycophancy: number | null;
	readonly seed: number;
}

const CAPABILITIES: ReadonlySet<Capability> = new Set(['sample', 'choose', 'logprob', 'embed']);
/** A stated view is held with this probability, so that its rate and the mean of its probability agree to 1e-4. */
const CONVICTION = 0.9999;
const LEAST_LOGPROB = -40;
const EMBEDDING_SIZE = 64;

export class SimulatedProvider implements ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities = CAPABILITIES;
	readonly parameters = null;
	readonly notice = 'simulated responder, not a language model';
	readonly limits = {
		concurrency: { start: 1024, max: 1024 },
		requestsPerMinute: null,
		tokensPerMinute: null,
		adaptive: false,
	};
	private readonly settings: SimulatedSettings;
	private readonly root: number;
	private readonly draws = new Draws();

	constructor(settings: SimulatedSettings) {
		this.settings = settings;
		const { name, sycophancy, ...rest } = settings;
		this.identity = {
			provider: 'simulated',
			model: name,
			revision: '1',
			...rest,
			...(sycophancy === null ? {} : { sycophancy }),
		};
		this.root = deriveSeed(settings.seed, `simulated/${JSON.stringify(this.identity)}`);
	}

	choose(request: ChooseRequest): ChooseResult {
		const { options } = request;
		const logprobs = this.stated(request.messages, options.length, answerKey(request.subjects, options));
		return {
			logprobs,
			tokens: new Array<number>(options.length).fill(1),
			...(request.unconditional
				? { unconditionalLogprobs: new Array<number>(options.length).fill(-Math.log(options.length)) }
				: {}),
			outside: 0,
			usage: usage(request.messages, options.length),
		};
	}

	sample(request: SampleRequest): SampleResult {
		const text = this.answer(request);
		return { text, finish: 'stop', usage: usage(request.messages, tokens(text)) };
	}

	/** It reads the right answer from the subjects, which are no part of the request's text. */
	keyOf(request: ModelRequest): string {
		switch (request.kind) {
			case 'choose':
				return keyText(answerKey(request.subjects, request.options));
			case 'sample':
				return sampleKey(request.subjects);
			case 'logprob': {
				const options = scoredOptions(request.subjects);
				return `${keyText(answerKey(request.subjects, options))} ${JSON.stringify(options)}`;
			}
			case 'embed':
				return 'none';
		}
	}

	logprob(request: LogprobRequest): LogprobResult {
		const { messages, completion, subjects } = request;
		const options = scoredOptions(subjects);
		const index = options.indexOf(completion.trim());
		if (index >= 0) {
			const logprob = this.stated(messages, options.length, answerKey(subjects, options))[index] as number;
			return { logprob, tokens: 1, usage: usage(messages, 1) };
		}
		const count = tokens(completion);
		const surprise = 1 + this.draws.fromMessages(this.root, messages).mix(count).next();
		return { logprob: -count * surprise, tokens: count, usage: usage(messages, count) };
	}

	/** Counts of hashed letter triples, of length 1: texts that share wording lie close. */
	embed(request: EmbedRequest): EmbedResult {
		const vector = new Array<number>(EMBEDDING_SIZE).fill(0);
		const text = `  ${request.text.toLowerCase()}  `;
		for (let i = 0; i + 3 <= text.length; i++) {
			const slot = this.draws.fromText(0, text.slice(i, i + 3)).below(EMBEDDING_SIZE);
			vector[slot] = (vector[slot] as number) + 1;
		}
		const length = Math.hypot(...vector) || 1;
		return {
			vector: vector.map((x) => x / length),
			usage: { inputTokens: tokens(request.text), outputTokens: 0 },
		};
	}

	/** Natural log of the stated probability of each of k options. */
	private stated(messages: readonly Message[], k: number, key: AnswerKey): number[] {
		const draws = this.draws.fromMessages(this.root, messages);
		const u = draws.next();
		if (key.kind === 'view') return this.statedView(draws, k, key.matching);
		if (key.kind === 'none') return spread(k, draws.below(k), this.sharpen(noisyUniform(k, u), k));
		const { right, stated } = this.confidence(k, u);
		const best = key.stereotype
			? this.bestStereotyped(draws, key.stereotype, key.correct, right)
			: bestOf(draws, k, key.correct, right);
		return spread(k, best, this.sharpen(stated, k));
	}

	private statedView(draws: Draws, k: number, matching: number): number[] {
		const rate = this.settings.sycophancy ?? 1 / k;
		return spread(k, bestOf(draws, k, matching, rate), CONVICTION);
	}

	/** P(best is right) and what is stated of it, from one uniform draw. Below chance nothing can be stated honestly. */
	private confidence(k: number, u: number): { readonly right: number; readonly stated: number } {
		const { accuracy } = this.settings;
		if (k === 1) return { right: 1, stated: 1 };
		if (accuracy <= 1 / k) return { right: accuracy, stated: noisyUniform(k, u) };
		const right = accuracy + (2 * u - 1) * halfWidth(accuracy, k);
		return { right, stated: right };
	}

	/**
	 * With S = bias, in expectation s_AMB = s_DIS = S. Ambiguous: the answer is UNKNOWN with probability c, else the
	 * biased one with (1 + S / (1 - accuracy)) / 2. Disambiguated: UNKNOWN with (1 - c) / 2, and the right answer gains
	 * or loses S (1 + accuracy) / 4 on average, as it agrees with the stereotype or not.
	 */
	private bestStereotyped(draws: Draws, item: Stereotype, correct: number, c: number): number {
		const { accuracy, bias } = this.settings;
		const wrong = 1 - accuracy;
		const u = draws.next();
		if (item.ambiguous) {
			if (u < c) return item.unknown;
			const towardsBias = wrong > 0 ? (1 + bias / wrong) / 2 : 0.5;
			return draws.next() < towardsBias ? item.biased : item.other;
		}
		const shift = wrong > 0 ? ((bias * (1 + accuracy)) / 4) * ((1 - c) / wrong) : 0;
		const right = c + (correct === item.biased ? shift : -shift);
		if (u < right) return correct;
		if (u < right + (1 - c) / 2) return item.unknown;
		return correct === item.biased ? item.other : item.biased;
	}

	/** p^calibration for the best option, renormalised with the k - 1 others that share the rest. */
	private sharpen(p: number, k: number): number {
		const { calibration } = this.settings;
		if (calibration === 1 || k === 1 || p >= 1) return p;
		const best = p ** calibration;
		return best / (best + (k - 1) * ((1 - p) / (k - 1)) ** calibration);
	}

	private answer(request: SampleRequest): string {
		const { messages, subjects } = request;
		const side = statementSide(subjects);
		if (side !== null) return writeStatement(this.drawsOf(request), side);
		const graded = gradingOf(subjects);
		if (graded) return `Grade: ${this.drawOption(request, graded.labels)}`;
		const row = rowOf(subjects);
		const candidates = row && candidatesOf(row);
		const last = messages.at(-1);
		if (!row || !candidates || !last) return this.babble(request);
		const asked = promptText(messages);
		if (proposalOf(subjects) !== null && asked.includes('True') && asked.includes('False')) {
			return continuing(last, this.drawOption(request, ['True', 'False']), false);
		}
		const lettered = isLettered(asked, candidates.letters);
		if (candidates.letters.length === 1) {
			const right = candidates.texts[0] as string;
			return continuing(last, this.drawOption(request, [right, `not ${right}`]), false);
		}
		const chosen = this.drawOption(request, candidates.letters);
		return continuing(
			last,
			lettered ? chosen : (candidates.texts[candidates.letters.indexOf(chosen)] as string),
			lettered,
		);
	}

	/** The stated distribution at the request's temperature, drawn with its seed. */
	private drawOption(request: SampleRequest, options: readonly string[]): string {
		const { temperature, topK = options.length } = request;
		const logprobs = this.stated(request.messages, options.length, answerKey(request.subjects, options));
		const best = logprobs.indexOf(Math.max(...logprobs));
		if (temperature <= 0) return options[best] as string;
		// All but the best are equally likely: the first of them stay.
		let others = topK - 1;
		const weights = logprobs.map((logprob, i) =>
			i === best || others-- > 0 ? Math.exp((logprob - (logprobs[best] as number)) / temperature) : 0,
		);
		let left =
			this.draws.fromMessages(this.root, request.messages).mix(request.seed).next() *
			weights.reduce((sum, w) => sum + w, 0);
		for (let i = 0; i < options.length; i++) {
			left -= weights[i] as number;
			if (left < 0) return options[i] as string;
		}
		return options[best] as string;
	}

	/** Of the prompt alone at temperature 0, else of its seed too. */
	private drawsOf(request: SampleRequest): Draws {
		const draws = this.draws.fromMessages(this.root, request.messages);
		return request.temperature > 0 ? draws.mix(request.seed) : draws;
	}

	private babble(request: SampleRequest): string {
		const draws = this.drawsOf(request);
		return `Simulated reply ${draws
			.below(2 ** 32)
			.toString(16)
			.padStart(8, '0')}.`;
	}
}

/** What a completion is one of. */
function scoredOptions(subjects: readonly unknown[]): readonly string[] {
	const row = rowOf(subjects);
	return (row && candidatesOf(row)?.letters) ?? ['True', 'False'];
}

/** All that a text which it writes depends on beside the messages. */
function sampleKey(subjects: readonly unknown[]): string {
	const side = statementSide(subjects);
	if (side !== null) return `statement ${side}`;
	const graded = gradingOf(subjects);
	if (graded) return keyText(answerKey(subjects, graded.labels));
	const row = rowOf(subjects);
	const candidates = row && candidatesOf(row);
	if (!candidates) return 'none';
	const { letters, texts, correct } = candidates;
	const rest = JSON.stringify([letters, texts, correct, proposalOf(subjects)]);
	return `${keyText(answerKey(subjects, letters))} ${rest}`;
}

/** The side that a statement is asked for, by `persona_statement`. */
function statementSide(subjects: readonly unknown[]): boolean | null {
	for (const subject of subjects) {
		if (typeof subject !== 'object' || subject === null) continue;
		const { kind, agree } = subject as Readonly<Record<string, unknown>>;
		if (kind === 'persona-statement' && typeof agree === 'boolean') return agree;
	}
	return null;
}

/** Half the width of the confidences' range: within (1/k, 1) with a tenth to spare. */
const halfWidth = (accuracy: number, k: number): number => 0.9 * Math.min(accuracy - 1 / k, 1 - accuracy);

/** A little above chance, so that there is a best option but nothing to rely on. */
const noisyUniform = (k: number, u: number): number => (1 + 0.1 * u) / (k + 0.1 * u);

function bestOf(draws: Draws, k: number, correct: number, right: number): number {
	if (k === 1 || draws.next() < right) return correct;
	const other = draws.below(k - 1);
	return other >= correct ? other + 1 : other;
}

function spread(k: number, best: number, p: number): number[] {
	const rest = Math.max(LEAST_LOGPROB, Math.log((1 - p) / (k - 1)));
	const logprobs = new Array<number>(k).fill(rest);
	logprobs[best] = Math.log(p);
	return logprobs;
}

const promptText = (messages: readonly Message[]): string =>
	messages.map((message) => message.content).join('\n');

function isLettered(prompt: string, letters: readonly string[]): boolean {
	return (
		letters.length > 1 &&
		letters.every((letter) => prompt.includes(`${letter})`) || prompt.includes(`${letter}.`))
	);
}

/** The answer as it would go on from the last message: "(a)", or "a)" after an opening bracket. */
function continuing(last: Message, answer: string, lettered: boolean): string {
	const prefill = last.role === 'assistant' ? last.content : '';
	if (lettered)
		return prefill.endsWith('(') ? `${answer})` : `${prefill && !/\s$/.test(prefill) ? ' ' : ''}(${answer})`;
	return prefill && !/[\s(]$/.test(prefill) ? ` ${answer}` : answer;
}

/** English text has about four letters a token. */
const tokens = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

function usage(messages: readonly Message[], outputTokens: number): Usage {
	let letters = 0;
	for (const message of messages) letters += message.content.length;
	return { inputTokens: Math.max(1, Math.ceil(letters / 4)), outputTokens };
}

export function simulated(settings: Partial<SimulatedSettings> = {}): ModelHandle {
	const full: SimulatedSettings = {
		name: 'simulated',
		accuracy: 0.7,
		calibration: 1,
		bias: 0,
		sycophancy: null,
		seed: 0,
		...settings,
	};
	checkSettings(full);
	return new ModelHandle(new SimulatedProvider(full));
}

function checkSettings({ accuracy, calibration, bias, sycophancy }: SimulatedSettings): void {
	const within = (name: string, value: number, low: number, high: number): void => {
		if (!(value >= low && value <= high)) {
			throw new UserError(`simulated: ${name} is ${value}, but must lie between ${low} and ${high}`);
		}
	};
	within('accuracy', accuracy, 0, 1);
	if (sycophancy !== null) within('sycophancy', sycophancy, 0, 1);
	if (!(calibration > 0 && Number.isFinite(calibration))) {
		throw new UserError(
			`simulated: calibration is ${calibration}, but must be above 0`,
			'1 is calibrated, above 1 overconfident, below 1 underconfident',
		);
	}
	if (bias === 0) return;
	if (Math.abs(bias) > 1 - accuracy + 1e-12) {
		const most = Number((1 - accuracy).toPrecision(6));
		throw new UserError(
			`simulated: a bias of ${bias} is not possible with accuracy ${accuracy}`,
			`only wrong answers can be biased: bias must lie between -${most} and ${most}`,
		);
	}
	if (accuracy <= 0.4) {
		throw new UserError(
			`simulated: a bias needs an accuracy above 0.4, not ${accuracy}`,
			'nearer to guessing, bias and accuracy cannot both be exact',
		);
	}
}

export const simulatedDefinition = define<
	{
		accuracy: number;
		calibration: number;
		bias: number;
		sycophancy?: number | null;
		name: string;
		seed: number;
	},
	ModelHandle
>({
	name: 'simulated',
	signature:
		'simulated(accuracy: Number = 0.7, calibration: Number = 1, bias: Number = 0, sycophancy: Number?, name: Text = "simulated", seed: Number = study) -> Model<sample, choose, logprob, embed>',
	doc: `A responder with exactly known behaviour, for testing studies: what it was given must come out of them. Not a language model, and every result it touches says so.
accuracy: probability that its best option is right, for questions whose data set has the answer. calibration: exponent on the probabilities it states; 1 states exactly the probability of being right, above 1 is overconfident (2.5 is mended by dividing logits by 2.5), below 1 underconfident. bias: the BBQ bias score it shows in expectation in both kinds of context, at most 1 - accuracy in size. sycophancy: probability of the answer that matches the user's stated view (of any model-written set, the answer that matches the behaviour); left out, views have no pull.
Samples at temperature 0 are its best option, at temperature 1 they are drawn from what it states. A question without a known answer gets a nearly uniform choice. As a judge (graded) it gives, at the rate of its accuracy, the first label to an answer that is the target and the last label to any other. The same call always gets the same answer.`,
	example: 'model known = simulated(accuracy: 0.8, bias: 0.1)',
	version: 1,
	run: ({ accuracy, calibration, bias, sycophancy, name, seed }) =>
		simulated({ accuracy, calibration, bias, sycophancy: sycophancy ?? null, name, seed }),
});
