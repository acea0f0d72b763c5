import test from 'ava';
import { requestText } from '../../../../kernel/engine/calls/request.ts';
import { identityText, keyOfTexts } from '../../../../kernel/engine/store/canonical.ts';
import { requestOf, ScriptedProvider, scripted } from './scripted.ts';

const textOf = (changes = {}, sample = 0, repeat = ''): string =>
	requestText(requestOf('Which?', changes), sample, repeat, null);

test('a request is JSON that names everything the answer depends on', (t) => {
	t.deepEqual(JSON.parse(textOf({ temperature: 0.7, seed: 9, stop: ['\n'] }, 2, '3.0')), {
		kind: 'sample',
		messages: [{ role: 'user', content: 'Which?' }],
		temperature: 0.7,
		topP: 1,
		seed: 9,
		maxTokens: 20,
		stop: ['\n'],
		sample: 2,
		repeat: '3.0',
	});
});

test('a stored request reads back to the very text that was hashed', (t) => {
	const text = requestText(
		requestOf('a "quoted"\n\u2028 \ud800 line 🙂', { temperature: 1e-7, stop: ['"'] }),
		0,
		'',
		'k"1',
	);
	t.is(JSON.stringify(JSON.parse(text)), text);
});

test('the key is the sha256 of the identity, a line feed and the request', (t) => {
	// printf '{"model":"m","provider":"p"}\n{"kind":"embed","text":"hi"}' | sha256sum
	const key = keyOfTexts(
		identityText({ provider: 'p', model: 'm' }),
		requestText({ kind: 'embed', text: 'hi' }, 0, '', null),
	);
	t.is(key, 'b60795a5c83f17c124e7c9acae947ce5a574609fd2eece19d6c35ea9bcdd31fd');
});

test('subjects are no part of a key', (t) => {
	t.is(textOf({ subjects: [1] }), textOf({ subjects: [{ other: true }] }));
});

test('at temperature 0 neither the seed nor top-p is part of a key, above it both are', (t) => {
	t.is(textOf({ seed: 1, topP: 0.5 }), textOf({ seed: 2, topP: 1 }));
	t.not(textOf({ seed: 1, temperature: 1 }), textOf({ seed: 2, temperature: 1 }));
	t.not(textOf({ topP: 0.5, temperature: 1 }), textOf({ topP: 1, temperature: 1 }));
});

test('top-k is part of a key where it is said and draws are random, and leaves others as they were', (t) => {
	t.not(textOf({ topK: 40, temperature: 1 }), textOf({ topK: 20, temperature: 1 }));
	t.not(textOf({ topK: 40, temperature: 1 }), textOf({ temperature: 1 }));
	t.is(textOf({ topK: 40 }), textOf());
	t.false(textOf({ temperature: 1 }).includes('topK'));
});

test('samples and repeats of one request are different calls', (t) => {
	const texts = [textOf(), textOf({}, 1), textOf({}, 0, '1'), textOf({}, 1, '0'), textOf({}, 0, '1.0')];
	t.is(new Set(texts).size, texts.length);
});

test('a choice is one call in every repetition', (t) => {
	const choose = {
		kind: 'choose',
		messages: [],
		options: ['a', 'b'],
		unconditional: false,
		subjects: [],
	} as const;
	t.is(requestText(choose, 0, '1', null), requestText(choose, 0, '2', null));
});

test('fields cannot run into each other', (t) => {
	const role = requestText(requestOf('a","role":"system'), 0, '', null);
	t.is((JSON.parse(role) as { messages: unknown[] }).messages.length, 1);
	t.not(textOf({ stop: ['a', 'b'] }), textOf({ stop: ['a,b'] }));
});

test('equal identities are one model in whatever order their settings are written', (t) => {
	t.is(
		identityText({ provider: 'p', model: 'm', revision: undefined, size: 3 }),
		identityText({ size: 3, model: 'm', provider: 'p' }),
	);
});

test('what a provider says its answers depend on is part of the key', (t) => {
	class Keyed extends ScriptedProvider {
		answer = 'a';
		keyOf = (): string => this.answer;
	}
	const provider = new Keyed();
	const { caller, model } = scripted({ provider });
	const before = caller.callKey(model, requestOf('Which?'));
	provider.answer = 'b';
	t.not(caller.callKey(model, requestOf('Which?')), before);
});
