import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadRuntime } from '../../../stdlib/models/llama-runtime.ts';
import { openGguf } from '../../../stdlib/models/lm/gguf-transformer.ts';
import { Tokenizer } from '../../../stdlib/models/lm/tokenizer.ts';
import { smallModel } from '../servers.ts';
import { here } from './here.ts';
import { askPeer, transformersPython } from './peer.ts';
import { realLines } from './real-lines.ts';

const LINES = 10_000;

function compare(
	t: ExecutionContext,
	lines: readonly string[],
	ours: (line: string) => readonly number[],
	theirs: (line: string, i: number) => readonly number[],
): void {
	const different = lines.filter((line, i) => ours(line).join() !== theirs(line, i).join());
	t.log(`${lines.length} lines, ${different.length} with other tokens`);
	t.deepEqual(different.slice(0, 5), []);
}

test('the tokens of real text are those of llama.cpp', async (t) => {
	const path = here(t, await smallModel());
	const lines = path && here(t, realLines(LINES));
	if (!path || !lines) return;
	const stored = await openGguf(path);
	const tokenizer = new Tokenizer(stored.tokenizer);
	stored.close();
	const { llama } = await loadRuntime();
	const model = await llama.loadModel({ modelPath: path });
	for (const special of [false, true])
		compare(
			t,
			lines,
			(line) => tokenizer.encode(line, special),
			(line) => model.tokenize(line, special, 'trimLeadingSpace'),
		);
	const read = lines.filter(
		(line) => tokenizer.decode(tokenizer.encode(line, false)) !== line.toWellFormed(),
	);
	t.deepEqual(read.slice(0, 5), [], 'and they read back as the text');
	await model.dispose();
});

test('the tokens of real text are those of Hugging Face’s tokenizers', async (t) => {
	const path = here(t, await smallModel());
	const lines = path && here(t, realLines(LINES))?.map((line) => line.toWellFormed());
	const python = lines && here(t, transformersPython());
	if (!path || !lines || !python) return;
	const stored = await openGguf(path);
	const tokenizer = new Tokenizer(stored.tokenizer);
	stored.close();
	const folder = mkdtempSync(join(tmpdir(), 'assay-tokenizer-'));
	const [json, texts] = [join(folder, 'tokenizer.json'), join(folder, 'lines.json')];
	writeFileSync(json, JSON.stringify(stored.tokenizer.json));
	writeFileSync(texts, JSON.stringify(lines));
	const theirs = askPeer<number[][]>(python, 'peer_tokens.py', [json, texts]);
	compare(
		t,
		lines,
		(line) => tokenizer.encode(line, true),
		(_, i) => theirs[i] as number[],
	);
});
