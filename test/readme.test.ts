import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import test from 'ava';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

/** The README shows an example file as it is: the block after the heading is the file's text. */
test('the study in the README is examples/bbq.assay', (t) => {
	const readme = read('README.md');
	const block = /(```assay\n)([\s\S]*?)(```)/;
	const example = read('examples/bbq.assay');
	if (process.env.UPDATE_GOLDEN)
		writeFileSync(
			resolve(root, 'README.md'),
			readme.replace(block, (_, open, __, close) => `${open}${example}${close}`),
		);
	t.is(block.exec(read('README.md'))?.[2], example);
});

test('every command in the README is one that exists', async (t) => {
	const { commands } = await import('../kernel/cli/commands.ts');
	const names = new Set([...commands.map((command) => command.name), 'help']);
	const used = [...read('README.md').matchAll(/(?<!%)\bassay ([a-z]+)\b(?! study)/g)].map(
		(match) => match[1] as string,
	);
	t.true(used.length > 5);
	const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;
	for (const [, script] of read('README.md').matchAll(/npm run ([a-z]+)/g))
		t.true((script as string) in scripts, script);
	t.deepEqual(
		used.filter((name) => !names.has(name)),
		[],
	);
});
