import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Follower } from '../../../kernel/jupyter/wire/follower.ts';
import type { Outgoing } from '../../../kernel/jupyter/wire/message.ts';

const MB = 1024 ** 2;

test('what was written faster than it is read is told as left out, between its beginning and its end', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'assay-test-'));
	const fd = openSync(join(folder, 'stdout'), 'w+');
	t.teardown(() => {
		closeSync(fd);
		rmSync(folder, { recursive: true });
	});
	writeSync(fd, 'the beginning\n');
	ftruncateSync(fd, 100 * MB);
	writeSync(fd, 'the end\n', 100 * MB);
	const shown: { name: string; text: string }[] = [];
	const files = [{ name: 'stdout', fd }] as const;
	const publish = ({ content }: Outgoing): void => void shown.push(JSON.parse(content));
	new Follower({ files, parent: '' }, { publish, end: () => {} }).close();
	const text = shown.map((piece) => piece.text).join('');
	t.regex(text, /^the beginning\n/);
	t.regex(text, /\[… about [\d,]+ characters left out here: too much for a notebook …\]/);
	t.regex(text, /the end\n$/);
	t.true(text.length < 3 * MB);
	const told = Number(/about ([\d,]+) characters/.exec(text)?.[1]?.replaceAll(',', ''));
	const kept = shown
		.filter(({ name }) => name === 'stdout')
		.reduce((sum, piece) => sum + piece.text.length, 0);
	t.is(told + kept, 100 * MB + 8, 'nothing is gone without a word');
});
