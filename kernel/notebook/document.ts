import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { UserError } from '../../stdlib/define.ts';

/** A text, or its lines: nbformat allows both. */
const Text = z
	.union([z.string(), z.array(z.string())])
	.transform((text) => (Array.isArray(text) ? text.join('') : text));
const Bundle = z.record(z.string(), z.unknown());

const Output = z.discriminatedUnion('output_type', [
	z.looseObject({ output_type: z.literal('stream'), name: z.enum(['stdout', 'stderr']), text: Text }),
	z.looseObject({ output_type: z.literal('display_data'), data: Bundle, metadata: Bundle }),
	z.looseObject({
		output_type: z.literal('execute_result'),
		execution_count: z.number().nullable(),
		data: Bundle,
		metadata: Bundle,
	}),
	z.looseObject({
		output_type: z.literal('error'),
		ename: z.string(),
		evalue: z.string(),
		traceback: z.array(z.string()),
	}),
]);

const CodeCell = z.looseObject({
	cell_type: z.literal('code'),
	id: z.string().optional(),
	source: Text,
	execution_count: z.number().nullable(),
	metadata: Bundle,
	outputs: z.array(Output),
});
const OtherCell = z.looseObject({
	cell_type: z.enum(['markdown', 'raw']),
	id: z.string().optional(),
	source: Text,
	metadata: Bundle,
});

const Document = z.looseObject({
	nbformat: z.literal(4),
	nbformat_minor: z.number(),
	metadata: Bundle,
	cells: z.array(z.discriminatedUnion('cell_type', [CodeCell, OtherCell])),
});

/** A notebook file: nbformat 4, with what this program does not know kept as it is. */
export type NotebookDocument = z.output<typeof Document>;
export type NotebookCell = NotebookDocument['cells'][number];
export type CodeCell = z.output<typeof CodeCell>;
export type NotebookOutput = z.output<typeof Output>;

/** Throws a `UserError` that says where a file is no notebook. */
export function readNotebook(path: string): NotebookDocument {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
		throw new UserError(
			missing ? `there is no notebook ${path}` : `${path} cannot be read: ${(error as Error).message}`,
			'give the path of an .ipynb file',
		);
	}
	return parseNotebook(text, path);
}

export function parseNotebook(text: string, path: string): NotebookDocument {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw new UserError(`${path} is no notebook: it is not JSON (${(error as Error).message})`, null);
	}
	const parsed = Document.safeParse(json);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const version = (json as { nbformat?: unknown } | null)?.nbformat;
	throw new UserError(
		`${path} is no notebook that can be read here: ${issue?.path.join('.') || 'top level'}: ${issue?.message}`,
		typeof version === 'number' && version < 4
			? `it has the old format ${version}: jupyter nbconvert --to notebook --nbformat 4 ${path}`
			: null,
	);
}

/** Written beside it and then renamed: whoever reads it sees the old notebook or the new one. */
export function writeNotebook(path: string, document: NotebookDocument): void {
	const aside = `${path}.${randomBytes(3).toString('hex')}.part`;
	try {
		writeFileSync(aside, notebookText(document));
		renameSync(aside, path);
	} catch (error) {
		rmSync(aside, { force: true });
		throw new UserError(
			`${path} cannot be written: ${(error as Error).message}`,
			'write to another file with --out',
		);
	}
}

/** As Jupyter writes it: one space of indentation, texts as lines. */
export function notebookText(document: NotebookDocument): string {
	const cells = document.cells.map((cell) => ({
		...cell,
		source: linesOf(cell.source),
		...(cell.cell_type === 'code' ? { outputs: cell.outputs.map(outputAsLines) } : {}),
	}));
	return `${JSON.stringify({ ...document, cells }, null, 1)}\n`;
}

function outputAsLines(output: NotebookOutput): unknown {
	if (output.output_type === 'stream') return { ...output, text: linesOf(output.text) };
	if (output.output_type === 'error') return output;
	const data = Object.entries(output.data).map(([type, value]) => [
		type,
		typeof value === 'string' && /^text\/|\+xml$/.test(type) ? linesOf(value) : value,
	]);
	return { ...output, data: Object.fromEntries(data) };
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A value of a bundle as one text. */
export const bundleText = (value: unknown): string =>
	Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : JSON.stringify(value);
