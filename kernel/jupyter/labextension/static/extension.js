// The Assay language in editors: .assay files, and cells that begin with %%assay.

import { assayMode } from './language.js';

const MIME = 'text/x-assay';

/** `shared` gives the modules of the page: this extension has no copies of its own. */
export async function extensionOf(shared) {
	const [{ IEditorLanguageRegistry }, { INotebookTracker }, { StreamLanguage, LanguageSupport }] =
		await Promise.all(
			['@jupyterlab/codemirror', '@jupyterlab/notebook', '@codemirror/language'].map((name) => shared(name)),
		);
	return {
		id: '@assay/jupyterlab:language',
		description: 'Highlights the Assay language.',
		autoStart: true,
		requires: [IEditorLanguageRegistry],
		optional: [INotebookTracker],
		activate(app, languages, tracker) {
			languages.addLanguage({
				name: 'assay',
				displayName: 'Assay',
				mime: MIME,
				extensions: ['assay'],
				load: async () => new LanguageSupport(StreamLanguage.define(assayMode)),
			});
			app.docRegistry.addFileType({
				name: 'assay',
				displayName: 'Assay study',
				extensions: ['.assay'],
				mimeTypes: [MIME],
				contentType: 'file',
				fileFormat: 'text',
			});
			tracker?.widgetAdded.connect((_, panel) => watch(panel, languages));
			tracker?.forEach((panel) => {
				watch(panel, languages);
			});
		},
	};
}

/** Gives each cell of a notebook the language that its first line says. */
function watch(panel, languages) {
	const known = new WeakSet();
	const visit = () => {
		const cells = panel.content.model?.cells;
		if (!cells) return;
		for (let i = 0; i < cells.length; i++) {
			const cell = cells.get(i);
			if (cell.type !== 'code' || known.has(cell)) continue;
			known.add(cell);
			const update = () => speak(cell, panel, languages);
			cell.sharedModel.changed.connect(update);
			cell.mimeTypeChanged?.connect(update);
			update();
		}
	};
	panel.context.ready.then(() => {
		visit();
		panel.content.model?.cells.changed.connect(visit);
	});
}

async function speak(cell, panel, languages) {
	const study = cell.sharedModel.getSource().startsWith('%%assay');
	if (study === (cell.mimeType === MIME)) return;
	// An editor takes the language that is loaded last: that of the notebook must be there before it is replaced.
	await languages.getLanguage(study ? cell.mimeType : MIME).catch(() => null);
	await new Promise((resolve) => setTimeout(resolve));
	cell.mimeType = study ? MIME : (panel.content.codeMimetype ?? 'text/typescript');
}
