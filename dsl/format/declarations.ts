import type {
	ConstitutionDeclaration,
	Declaration,
	EvalDeclaration,
	NetworkDeclaration,
	PromptDeclaration,
	StudyDeclaration,
	TableDeclaration,
	TrainDeclaration,
	UseDeclaration,
} from '../ast.ts';
import { concat, type Document, group, indent, join, line } from './document.ts';
import { formatClause, formatExpr, formatMessage, formatRecord } from './expressions.ts';
import { assigned, braced, bracketed, findSign, type Printer } from './printer.ts';
import { formatType } from './types.ts';

export function formatDeclaration(printer: Printer, declaration: Declaration): Document {
	switch (declaration.kind) {
		case 'study':
			return formatStudy(printer, declaration);
		case 'use':
			return formatUse(printer, declaration);
		case 'param': {
			const type =
				declaration.type === null ? '' : concat(': ', formatType(printer, declaration.type, formatExpr));
			const head = concat(`param ${declaration.name.text}`, type, ' =');
			return assigned(printer, head, declaration.value, formatExpr);
		}
		case 'value':
			return assigned(
				printer,
				`${declaration.keyword} ${declaration.name.text} =`,
				declaration.value,
				formatExpr,
			);
		case 'prompt':
			return formatPrompt(printer, declaration);
		case 'constitution':
			return formatConstitution(printer, declaration);
		case 'network':
			return formatNetwork(printer, declaration);
		case 'train':
			return formatTrain(printer, declaration);
		case 'eval':
			return formatEval(printer, declaration);
		case 'table':
			return formatTable(printer, declaration);
		case 'error':
			return printer.source.slice(declaration.span.start, declaration.span.end);
	}
}

function formatStudy(printer: Printer, study: StudyDeclaration): Document {
	const title = assigned(printer, 'study', study.title, formatExpr);
	if (study.settings.length === 0) return title;
	const settings = formatRecord(printer, study.settings, study.span.end - 1, line);
	return concat(title, ' ', settings);
}

function formatUse(printer: Printer, { names, from }: UseDeclaration): Document {
	const list = join(
		', ',
		names.map((name) => name.text),
	);
	if (from === null) return concat('use ', list);
	const comments = printer.comments.before(from.span.start);
	return concat('use ', list, ' from ', comments, printer.source.slice(from.span.start, from.span.end));
}

function formatPrompt(printer: Printer, prompt: PromptDeclaration): Document {
	const head = concat(`prompt ${prompt.name.text}`, formatParams(printer, prompt));
	if (!('length' in prompt.body)) return assigned(printer, concat(head, ' ='), prompt.body, formatExpr);
	const start = (message: { span: { start: number } }) => message.span.start;
	const open = findSign(printer, '{', endOfParams(printer, prompt));
	const body = braced(printer, open, prompt.span.end - 1, prompt.body, start, (message) =>
		formatMessage(printer, message),
	);
	return concat(head, ' ', body);
}

type Parametrised = PromptDeclaration | NetworkDeclaration;

const endOfParams = (printer: Printer, { params, name }: Parametrised): number =>
	findSign(printer, ')', params.at(-1)?.span.end ?? name.span.end);

function formatParams(printer: Printer, declaration: Parametrised): Document {
	const end = endOfParams(printer, declaration);
	return bracketed(printer, ['(', ')'], declaration.params, end, ({ name, type, default: value, span }) => {
		const comments = printer.comments.before(span.start);
		const typed = type === null ? name.text : concat(`${name.text}: `, formatType(printer, type, formatExpr));
		return concat(
			comments,
			value === null ? typed : assigned(printer, concat(typed, ' ='), value, formatExpr),
		);
	});
}

function formatConstitution(printer: Printer, constitution: ConstitutionDeclaration): Document {
	const { principles, span } = constitution;
	const open = findSign(printer, '{', constitution.name.span.end);
	const body = braced(
		printer,
		open,
		span.end - 1,
		principles,
		(principle) => principle.span.start,
		({ role, text }) => assigned(printer, role, text, formatExpr),
	);
	return concat(`constitution ${constitution.name.text} `, body);
}

function formatNetwork(printer: Printer, network: NetworkDeclaration): Document {
	const head = concat(`network ${network.name.text}`, formatParams(printer, network));
	const { start } = network.body.span;
	const close = network.span.end - 1;
	const body = braced(
		printer,
		findSign(printer, '{', endOfParams(printer, network)),
		close,
		[network.body],
		() => start,
		(expr) => formatExpr(printer, expr),
	);
	return concat(head, ' ', body);
}

function formatTrain(printer: Printer, train: TrainDeclaration): Document {
	return concat(
		`train ${train.name.text} `,
		formatItems(printer, train.name.span.end, train.settings, train.span.end - 1),
	);
}

function formatEval(printer: Printer, declaration: EvalDeclaration): Document {
	return concat(
		`eval ${declaration.name.text} `,
		formatItems(printer, declaration.name.span.end, declaration.items, declaration.span.end - 1),
	);
}

/** Clauses and fields, in the braces after the offset `header`: those that the program has on one line stay there where they fit. */
function formatItems(
	printer: Printer,
	header: number,
	items: EvalDeclaration['items'],
	close: number,
): Document {
	const open = findSign(printer, '{', header);
	return braced(
		printer,
		open,
		close,
		items,
		(item) => item.span.start,
		(item) =>
			item.kind === 'field'
				? assigned(printer, `${item.name.text} =`, item.value, formatExpr)
				: formatClause(printer, item),
	);
}

/** `from` is kept where the program has it: `table T = compare(…) { … }` has none. */
function formatTable(printer: Printer, table: TableDeclaration): Document {
	const { name, source, by, columns, span } = table;
	const before = printer.source.slice(name.span.end, source.span.start).replace(/#.*/g, '');
	const head = `table ${name.text} =${/\bfrom\b/.test(before) ? ' from' : ''}`;
	const from = assigned(printer, head, source, formatExpr);
	const keys = by.map((key, i) =>
		concat(formatExpr(printer, key), i < by.length - 1 ? concat(',', line) : ''),
	);
	const grouped = by.length === 0 ? from : group(from, indent(line, 'by ', ...keys));
	return concat(grouped, ' ', formatItems(printer, (by.at(-1) ?? source).span.end, columns, span.end - 1));
}
