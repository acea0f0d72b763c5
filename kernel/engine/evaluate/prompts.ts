import type { Core, CoreMessage } from '../../../dsl/plan/core.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { type Message, Prompt } from '../../../stdlib/values/prompt.ts';
import { compile, gather } from './compile.ts';
import { Fault } from './fault.ts';
import type { Code } from './frame.ts';
import { plain } from './operations.ts';
import type { Environment, Scope } from './scope.ts';
import { type Constitution, describe } from './shapes.ts';
import { textOf } from './text.ts';

export function compilePrompt(core: Core & { op: 'prompt' }, env: Environment, scope: Scope): Code {
	const texts = core.messages.map((message) => compile(message.text, env, scope));
	const subjects = core.subjects.map((subject) => compile(subject, env, scope));
	return gather([...texts, ...subjects], (values) => {
		const messages = rendered(core.messages, values);
		return messages instanceof Missing
			? messages
			: new Prompt(messages, values.slice(texts.length).map(plain));
	});
}

export function compileExtend(core: Core & { op: 'extend' }, env: Environment, scope: Scope): Code {
	const base = compile(core.prompt, env, scope);
	const texts = core.messages.map((message) => compile(message.text, env, scope));
	return gather([base, ...texts], ([of, ...values]) => {
		const prompt = plain(of);
		if (prompt instanceof Missing) return prompt;
		if (!(prompt instanceof Prompt))
			throw new Fault(`expected a prompt here, found ${describe(prompt)}`, core.loc ?? null);
		const messages = rendered(core.messages, values);
		return messages instanceof Missing ? messages : prompt.extend(messages);
	});
}

export function compileConstitution(
	core: Core & { op: 'constitution' },
	env: Environment,
	scope: Scope,
): Code {
	const texts = core.principles.map((principle) => compile(principle.text, env, scope));
	return gather(texts, (values): Constitution | Missing => {
		const principles = [];
		for (const [i, { role }] of core.principles.entries()) {
			const text = textOf(values[i]);
			if (text instanceof Missing) return text;
			principles.push({ role, text });
		}
		return { kind: 'constitution', principles };
	});
}

function rendered(messages: readonly CoreMessage[], values: readonly unknown[]): Message[] | Missing {
	const result: Message[] = [];
	for (let i = 0; i < messages.length; i++) {
		const content = textOf(values[i]);
		if (content instanceof Missing) return content;
		result.push({ role: (messages[i] as CoreMessage).role, content });
	}
	return result;
}
