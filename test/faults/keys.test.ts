import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { assay } from '../helpers/assay.ts';
import type { RecordedRequest } from '../helpers/fault-server.ts';
import { questionOf, serveStudy, writeBeside } from '../helpers/served-study.ts';

const KEYS = {
	OPENAI_API_KEY: 'sk-proj-planted0openai9Zq4Wm7Xk2',
	ANTHROPIC_API_KEY: 'sk-ant-planted0anthropic8Yp3Vn6Jh1',
	HF_TOKEN: 'hf_planted0huggingface5Tg2Rb',
	DB_PASSWORD: 'planted/pass word+7"quoted',
};

const BODY = `
model c = anthropic("scripted")
data notes = jsonl("notes.jsonl")
prompt about(note: Text, i: Number) { user "Question {i}: {note}" }
eval a {
  for i in 1..8
  for who in [m, c]
  for x in notes
  text = who.sample(about(x.note, i), temperature: 0, max_tokens: 64)
}
table t = from a by text { n = count(text) }
table by_who = from a by who { n = count(text) }
`;

const everyKey = (request: RecordedRequest): string =>
	[...Object.values(KEYS), request.headers.authorization, request.headers['x-api-key']].join(' ');

/** A key as it is, and as it stands in JSON, in an address and in base64. */
const formsOf = (key: string): string[] => [
	key,
	JSON.stringify(key).slice(1, -1),
	encodeURIComponent(key),
	Buffer.from(key).toString('base64').replace(/=+$/, ''),
];

function leaks(name: string, bytes: Buffer | string): string[] {
	const text = Buffer.from(bytes);
	return Object.entries(KEYS).flatMap(([variable, key]) =>
		formsOf(key)
			.filter((form) => text.includes(form))
			.map((form) => `${name}: ${variable} as ${form}`),
	);
}

const filesIn = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

test('keys of the environment are in no file, output, report or cassette, though the server sends them back', async (t) => {
	const served = await serveStudy(t, {
		body: BODY,
		script: (request) =>
			questionOf(request) % 4 === 0
				? { do: 'status', status: 400, message: `not for you: ${everyKey(request)}` }
				: { do: 'answer', text: `item ${questionOf(request)} for ${everyKey(request)}` },
	});
	writeBeside(
		served,
		'notes.jsonl',
		`${JSON.stringify({ note: `remember ${Object.values(KEYS).join(', ')}` })}\n`,
	);
	const cwd = served.folder;
	const env = { ...KEYS, ANTHROPIC_BASE_URL: served.server.origin };
	const said: Record<string, string> = {};
	const record = async (name: string, args: readonly string[], code: number): Promise<void> => {
		const done = await assay(args, { cwd, env });
		t.is(done.code, code, `${name}: ${done.err}`);
		said[name] = done.out + done.err;
	};
	await record('run', ['run', 'study.assay', '--report', 'report.html'], 3);
	await record('events', ['run', 'study.assay', '--json'], 3);
	await record('plan', ['plan', 'study.assay', '--out', 'plan.json'], 0);
	await record('cassette', ['cassette', 'study.assay', '--out', 'study.cassette.jsonl.gz'], 0);
	await record('report', ['report', 'study.assay', '--out', 'again.html'], 3);
	await record('doctor', ['doctor'], 0);
	await record('runs', ['store', 'runs', '--json'], 0);
	await record('fault', ['run', 'missing.json'], 5);

	const sent = served.server.requests.map(({ headers }) => headers.authorization ?? headers['x-api-key']);
	t.true(
		sent.includes(`Bearer ${KEYS.OPENAI_API_KEY}`) && sent.includes(KEYS.ANTHROPIC_API_KEY),
		'the keys were used',
	);
	t.regex(said.run ?? '', /\[redacted\]/);
	t.regex(said.run ?? '', /not for you/);

	const files = filesIn(cwd).filter((file) => !file.endsWith('notes.jsonl'));
	t.true(
		files.some((file) => file.endsWith('store.db')) && files.some((file) => file.endsWith('report.html')),
	);
	const found = files.flatMap((file) => {
		const bytes = readFileSync(file);
		return [...leaks(file, bytes), ...(file.endsWith('.gz') ? leaks(file, gunzipSync(bytes)) : [])];
	});
	t.deepEqual(found, []);
	t.deepEqual(
		Object.entries(said).flatMap(([name, text]) => leaks(name, text)),
		[],
	);
});

test('a killed run leaves no key in the log of the store', async (t) => {
	const served = await serveStudy(t, {
		rows: 2000,
		latencyMs: 5,
		otherwise: { do: 'answer', text: everyKey },
	});
	const running = served.start([], { env: KEYS });
	while (served.server.answered < 300) await new Promise((resolve) => setTimeout(resolve, 10));
	running.process.kill('SIGKILL');
	await running.finished;
	const files = filesIn(served.folder);
	t.true(files.some((file) => file.endsWith('store.db-wal')));
	t.deepEqual(
		files.flatMap((file) => leaks(file, readFileSync(file))),
		[],
	);
});
