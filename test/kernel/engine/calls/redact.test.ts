import test from 'ava';
import { createRedact, createRedactBytes } from '../../../../kernel/engine/calls/redact.ts';

const env = {
	OPENAI_API_KEY: 'sk-planted-0123456789',
	HF_TOKEN: 'hf_planted"quoted\\9',
	DB_PASSWORD: 'password',
	TOKEN_LIMIT: '12',
	HOME: '/home/somebody-with-a-long-name',
};

test('values of variables that hold keys are masked wherever they stand, also as JSON and in addresses', (t) => {
	const redact = createRedact(env);
	t.is(redact('401 for sk-planted-0123456789.'), '401 for [redacted].');
	t.false(redact(JSON.stringify({ header: env.HF_TOKEN })).includes('planted'));
	t.false(redact(`https://x/?t=${encodeURIComponent(env.HF_TOKEN)}`).includes('planted'));
});

test('words, numbers and other variables are left alone', (t) => {
	const redact = createRedact(env);
	const text = 'my password is 12 at /home/somebody-with-a-long-name';
	t.is(redact(text), text);
});

test('bytes keep their length, and are not copied when there is nothing to mask', (t) => {
	const redact = createRedactBytes(env);
	const bytes = Buffer.from('a sk-planted-0123456789 b sk-planted-0123456789');
	const clean = redact(bytes);
	t.is(clean.length, bytes.length);
	t.false(Buffer.from(clean).includes('planted'));
	const harmless = Buffer.from('nothing here');
	t.is(redact(harmless), harmless);
});
