// Makes the pocket models that come with Assay: `npm run pocket` trains what the store beside the studies has not, and writes
// weights and cards; `npm run pocket -- cards` measures the weights that are there and writes the cards alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../stdlib/define.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { languageModelConfig } from '../../stdlib/models/lm/language-model-family.ts';
import { writeHuggingFace } from '../../stdlib/models/lm/write-hugging-face.ts';
import { POCKET_MODELS, type PocketModel } from '../../stdlib/models/pocket.ts';
import { TrainedModel } from '../../stdlib/training/trained-model.ts';
import { isTable, type Table } from '../../stdlib/values/table.ts';
import { createProgress } from '../display/progress.ts';
import { run } from '../engine/run.ts';
import { compileStudy } from '../study/compile.ts';
import { openStudyStore } from '../study/open.ts';
import { pocketCard } from './pocket-card.ts';

const examples = resolve(import.meta.dirname, '../../examples');

/** Runs a study on the store beside it and hands on what it makes; the store is closed afterwards. */
async function withStudy(file: string, use: (values: ReadonlyMap<string, unknown>) => void): Promise<void> {
	const path = join(examples, file);
	const text = readFileSync(path, 'utf8');
	const { plan } = await compileStudy({ text, path, library: standardLibrary });
	if (!plan) throw new UserError(`${file} has errors`, `assay check ${path}`);
	const store = openStudyStore(path, { store: null });
	const { stderr } = process;
	const progress = createProgress({ stream: stderr, color: stderr.isTTY, isTTY: stderr.isTTY === true });
	try {
		const { values, failures } = await run(plan, {
			library: standardLibrary,
			store,
			onEvent: (event) => progress.onEvent(event),
		});
		const [failure] = failures;
		if (failure) throw new UserError(`${file}: ${failure.message}`, failure.help);
		use(values);
	} finally {
		progress.close();
		store.close();
	}
}

function writeWeights({ folder, declaration }: PocketModel, values: ReadonlyMap<string, unknown>): void {
	const model = values.get(declaration);
	if (!(model instanceof TrainedModel)) throw new UserError(`pocket.assay trains no ${declaration}`);
	writeHuggingFace(folder, languageModelConfig(model.architecture), model.weights);
}

if (process.argv[2] !== 'cards')
	await withStudy('pocket.assay', (values) => {
		for (const model of POCKET_MODELS) writeWeights(model, values);
	});
await withStudy('pocket-recovery.assay', (values) => {
	const tables = new Map<string, Table>();
	for (const [id, value] of values) if (isTable(value)) tables.set(id, value);
	for (const model of POCKET_MODELS)
		writeFileSync(join(model.folder, 'README.md'), pocketCard(model, tables));
});
