import * as z from 'zod';
import { nearest } from '../../dsl/nearest.ts';
import { parse } from '../../dsl/parser/parser.ts';
import { studyText } from '../jupyter/study/study-text.ts';
import type { NotebookDocument } from '../notebook/document.ts';
import { type Invocation, UsageError } from './command.ts';
import { paramValues } from './study.ts';

/** The values that `--set` gives to a notebook's params. Throws a `UsageError` for a param that no cell declares. */
export function notebookParams(document: NotebookDocument, invocation: Invocation): Record<string, string> {
	const values = paramValues(invocation);
	const declared = declaredParams(document);
	for (const name of Object.keys(values)) {
		if (declared.includes(name)) continue;
		const near = nearest(name, declared);
		const listed = declared.length > 0 ? `its params: ${declared.join(', ')}` : 'it declares none';
		throw new UsageError(
			`no cell of the notebook declares a param ${name}`,
			near ? `did you mean --set ${near}=…?` : listed,
		);
	}
	return values;
}

/** What the notebook says that it was run with. */
export function storedParams({ metadata }: NotebookDocument): Record<string, string> {
	const parsed = Stored.safeParse(metadata.assay);
	return parsed.success ? parsed.data.params : {};
}

const Stored = z.object({ params: z.record(z.string(), z.string()) });

function declaredParams({ cells }: NotebookDocument): string[] {
	return cells
		.map((cell) => (cell.cell_type === 'code' ? studyText(cell.source) : null))
		.flatMap((study) => (study === null ? [] : parse(study).program.declarations))
		.flatMap((declaration) => (declaration.kind === 'param' ? [declaration.name.text] : []));
}
