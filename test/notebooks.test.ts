import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test from 'ava';
import { tableBundle } from '../kernel/display/mime/table-bundle.ts';
import { run } from '../kernel/engine/run.ts';
import {
	bundleText,
	type CodeCell,
	type NotebookDocument,
	type NotebookOutput,
	readNotebook,
} from '../kernel/notebook/document.ts';
import { executeNotebook } from '../kernel/notebook/execute.ts';
import { notebookFromMarkdown } from '../kernel/notebook/from-markdown.ts';
import { compileStudy } from '../kernel/study/compile.ts';
import { standardLibrary } from '../stdlib/index.ts';
import { isTable } from '../stdlib/values/table.ts';

const folder = resolve(import.meta.dirname, '../notebooks');
const page = readFileSync(join(folder, 'quickstart.md'), 'utf8');
const shared = readNotebook(join(folder, 'quickstart.ipynb'));

/** Needs nothing that would have to be fetched. */
const PARAMS = { model_name: 'simulated', source: 'miniature' };

const codeOf = ({ cells }: NotebookDocument): CodeCell[] => cells.filter((cell) => cell.cell_type === 'code');
const sourcesOf = ({ cells }: NotebookDocument): string[] => cells.map(({ source }) => source);
const textOf = (output: NotebookOutput): string =>
	output.output_type === 'stream'
		? output.text
		: output.output_type === 'error'
			? output.evalue
			: bundleText(output.data['text/plain']);

test('quickstart.ipynb is quickstart.md, run whole and in order on the model that comes along', (t) => {
	t.deepEqual(sourcesOf(shared), sourcesOf(notebookFromMarkdown(page)), 'npm run notebooks makes it anew');
	const cells = codeOf(shared);
	t.deepEqual(
		cells.map((cell) => cell.execution_count),
		cells.map((_, i) => i + 1),
	);
	const shown = cells.flatMap(({ outputs }) => outputs);
	t.deepEqual(
		shown.filter(({ output_type }) => output_type === 'error'),
		[],
	);
	const text = shown.map(textOf).join('\n');
	t.regex(text, /tiny model organism/);
	t.notRegex(text, /simulated responder/);
});

test('the quickstart runs through the kernel, and its tables are those of the study without a notebook', async (t) => {
	const place = mkdtempSync(join(tmpdir(), 'assay-quickstart-'));
	t.teardown(() => rmSync(place, { recursive: true, force: true }));
	const document = notebookFromMarkdown(page);
	const outcome = await executeNotebook(document, {
		folder: place,
		env: { ...process.env, ASSAY_PARAMS: JSON.stringify(PARAMS) },
	});
	t.deepEqual(outcome, { status: 'done' });
	const shown = codeOf(document).flatMap(({ outputs }) => outputs.map(textOf));
	const tables = await tablesOf(studyCells().slice(0, 3).join('\n'));
	t.deepEqual([...tables.keys()], ['bias', 'effect']);
	for (const [name, text] of tables) t.true(shown.includes(`${name}\n${text}`), `${name}\n${text}`);
	t.true(
		shown.some((text) => /^honesty\n[\s\S]*simulated responder/.test(text)),
		'the scorer of a TypeScript cell',
	);
	t.regex(shown.at(-1) ?? '', /calls +\d+ to make, \d+ kept/);
	t.notRegex(shown.at(-1) ?? '', /✗/);
});

const studyCells = (): string[] =>
	[...page.matchAll(/^```assay\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);

/** The tables of a program as text, by name. */
async function tablesOf(text: string): Promise<Map<string, string>> {
	const { plan, diagnostics } = await compileStudy({
		text,
		path: null,
		library: standardLibrary,
		params: PARAMS,
	});
	if (!plan) throw new Error(JSON.stringify(diagnostics));
	const { values } = await run(plan, { library: standardLibrary, store: null });
	const tables = [...values].filter(([, value]) => isTable(value));
	return new Map(
		tables.map(([name, value]) => [name, bundleText(tableBundle(value as never)['text/plain'])]),
	);
}
