// Makes quickstart.ipynb from quickstart.md and runs it: `npm run notebooks -- model_name=simulated source=miniature`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNotebook } from '../kernel/notebook/document.ts';
import { executeNotebook } from '../kernel/notebook/execute.ts';
import { notebookFromMarkdown } from '../kernel/notebook/from-markdown.ts';

const folder = import.meta.dirname;
const notebook = notebookFromMarkdown(readFileSync(join(folder, 'quickstart.md'), 'utf8'));
const params = Object.fromEntries(process.argv.slice(2).map((setting) => setting.split('=', 2)));

const outcome = await executeNotebook(notebook, {
	folder,
	env: { ...process.env, ASSAY_PARAMS: JSON.stringify(params) },
	onCell: ({ number, total, state, seconds }) =>
		process.stderr.write(`cell ${number} of ${total} ${state} ${seconds.toFixed(1)} s\n`),
});
writeNotebook(join(folder, 'quickstart.ipynb'), notebook);
if (outcome.status === 'failed') process.stderr.write(`${outcome.error.traceback.join('\n')}\n`);
process.exitCode = outcome.status === 'done' ? 0 : 1;
