import type { LibraryFunction, LibraryType } from '../library.ts';
import { code, functionBody, KEYWORDS, sections, summaryOf } from '../service/documentation.ts';
import { builtInMembers } from '../types/members.ts';
import { showType } from '../types/show.ts';

/** One topic of the library: a section of the page. */
export interface Topic {
	readonly title: string;
	/** A sentence or two under the title. */
	readonly intro: string;
	readonly functions: readonly LibraryFunction[];
	readonly types?: readonly LibraryType[];
}

/** The library's reference as Markdown, from its definitions: the same words as in hovers and completion. */
export function referencePage(topics: readonly Topic[]): string {
	return `${[
		'# Reference of the library',
		'Everything that a study can name, generated from the definitions in `stdlib/` by `npm run reference`. `T?` is a value that may be absent, a parameter with `=` may be left out, `R -> T` parameters and `Column<T>` parameters take an expression over columns. Capital single letters stand for any type.',
		contents(topics),
		...topics.map(topicSection),
		builtInTypes(),
		declarations(),
	].join('\n\n')}\n`;
}

function contents(topics: readonly Topic[]): string {
	const rows = topics.map(({ title, functions, types = [] }) => {
		const links = [
			...functions.map(({ name }) => link(name, name)),
			...types.map(({ name }) => link(name, typeHeading(name))),
		];
		return `- [${title}](#${anchor(title)}): ${links.join(', ')}`;
	});
	return [...rows, '- [Built-in types](#built-in-types)', '- [Declarations](#declarations)'].join('\n');
}

const link = (name: string, heading: string): string => `[\`${name}\`](#${anchor(heading)})`;

/** Apart from a function that differs in case only: `bbq` and `BBQ`. */
const typeHeading = (name: string): string => `type ${name}`;

/** As GitHub makes anchors of headings. */
const anchor = (heading: string): string =>
	heading
		.toLowerCase()
		.replace(/[^\w\s-]/g, '')
		.replaceAll(' ', '-');

function topicSection({ title, intro, functions, types = [] }: Topic): string {
	return sections(
		`## ${title}`,
		intro,
		overview(functions),
		...functions.map(functionSection),
		...types.map(typeSection),
	);
}

function overview(functions: readonly LibraryFunction[]): string | null {
	if (functions.length === 0) return null;
	return [
		'| | |',
		'| --- | --- |',
		...functions.map((fn) => `| ${link(fn.name, fn.name)} | ${cell(summaryOf(fn.doc))} |`),
	].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

const functionSection = (fn: LibraryFunction): string => sections(`### ${fn.name}`, functionBody(fn));

function typeSection(type: LibraryType): string {
	return sections(
		`### ${typeHeading(type.name)}`,
		code(type.type === 'opaque' ? type.name : spread(type.type)),
		type.doc,
	);
}

/** A record type with one field a line. */
function spread(type: string): string {
	const inner = /^\{(.*)\}$/s.exec(type)?.[1];
	return inner === undefined
		? type
		: `{\n${splitFields(inner)
				.map((field) => `  ${field}`)
				.join('\n')}\n}`;
}

function splitFields(inner: string): string[] {
	const fields: string[] = [];
	let [depth, start] = [0, 0];
	for (let i = 0; i < inner.length; i++) {
		const character = inner[i] as string;
		if ('{<[('.includes(character)) depth++;
		else if ('}>])'.includes(character)) depth--;
		else if (character === ',' && depth === 0) {
			fields.push(inner.slice(start, i).trim());
			start = i + 1;
		}
	}
	return [...fields, inner.slice(start).trim()];
}

function builtInTypes(): string {
	const parts = [...builtInMembers()].map(([name, members]) => {
		const rows = members.map(
			(member) => `| \`${member.name}\` | \`${showType(member.type)}\` | ${cell(member.doc ?? '')} |`,
		);
		return sections(`### ${name} fields`, ['| field | type | |', '| --- | --- | --- |', ...rows].join('\n'));
	});
	return sections(
		'## Built-in types',
		'`Text`, `Number`, `Bool`, `Prob`, `Duration`, `Money`, `List<T>`, `T?`, records `{a: T}`, `Data<R>`, `Table<R>`, `Model<capabilities>`, `Image[h, w, c]` and `Tensor[d, …]` are built in. These have fields:',
		...parts,
	);
}

function declarations(): string {
	const parts = Object.entries(KEYWORDS).map(([name, [form, doc]]) =>
		sections(`### ${name} declaration`, code(form), doc),
	);
	return sections('## Declarations', ...parts);
}
