import { define } from '../define.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import { isMissing, type Missing } from '../values/missing.ts';
import type { ModelHandle } from '../values/model.ts';
import type { Prompt } from '../values/prompt.ts';
import { andThen } from './awaitable.ts';
import { askable } from './lm/trained.ts';
import { asPrompt } from './request.ts';

export const logprobDefinition = define<
	{ model: ModelHandle | TrainedModel; prompt: Prompt | string; completion: string },
	number | Missing
>({
	name: 'Model.logprob',
	signature: 'Model.logprob(model: Model<logprob>, prompt: Prompt | Text, completion: Text) -> Number',
	doc: 'Natural log-probability of the whole completion after the prompt, at most 0. A leading space belongs to the completion.',
	example: 'surprise = -m.logprob(q(x), " The answer is 4.")',
	version: 1,
	calls: true,
	run({ model, prompt, completion }, context) {
		const { messages, subjects } = asPrompt(prompt);
		const request = { kind: 'logprob' as const, messages, completion, subjects };
		return andThen(context.call(askable(model), request), (result) =>
			isMissing(result) ? result : result.logprob,
		);
	},
});

export const embedDefinition = define<
	{ model: ModelHandle | TrainedModel; text: string },
	readonly number[] | Missing
>({
	name: 'Model.embed',
	signature: 'Model.embed(model: Model<embed>, text: Text) -> List<Number>',
	doc: "The text as a vector; its length is the model's.",
	version: 1,
	calls: true,
	run: ({ model, text }, context) =>
		andThen(context.call(askable(model), { kind: 'embed', text }), (result) =>
			isMissing(result) ? result : result.vector,
		),
});
