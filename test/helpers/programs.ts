import fc from 'fast-check';

/**
 * Programs as tokens in order, each with what may stand before it. Names are drawn from the contextual keywords too, so
 * that every place where one may be a name is tried.
 */
interface Piece {
	readonly text: string;
	/** It must stand on the line of the token before it: a call's `(` and an index's `[`. */
	readonly sameLine: boolean;
}
type Pieces = readonly Piece[];

const piece = (text: string, sameLine = false): Piece => ({ text, sameLine });
const pieces = (...parts: readonly (string | Piece | Pieces)[]): Pieces =>
	parts.flatMap((part) =>
		typeof part === 'string' ? [piece(part)] : Array.isArray(part) ? part : [part as Piece],
	);
const separated = (items: readonly Pieces[], separator: string): Pieces =>
	items.flatMap((item, i) => (i === 0 ? item : [piece(separator), ...item]));

const name = fc.constantFrom(
	...[
		'a',
		'b',
		'x',
		'row_1',
		'model',
		'on',
		'where',
		'data',
		'table',
		'figure',
		'by',
		'repeat',
		'as',
		'to',
		'user',
	],
	...[
		'system',
		'assistant',
		'critique',
		'revise',
		'prefer',
		'eval',
		'let',
		'study',
		'use',
		'param',
		'train',
		'prompt',
	],
);

const number = fc.constantFrom(
	...[
		'0',
		'1',
		'0.25',
		'3e-4',
		'1_000',
		'2k',
		'5M',
		'30%',
		'30s',
		'5min',
		'2h',
		'1.5d',
		'20ms',
		'$5',
		'$0.50',
	],
);

const plainText = fc
	.array(
		fc.constantFrom('a', ' ', '#', 'é', '🙂', '\\"', '\\\\', '\\n', '\\t', '\\{', '\\}', "'", '//', ';'),
		{
			maxLength: 6,
		},
	)
	.map((parts) => parts.join(''));

const flat = (parts: Pieces): string =>
	parts.map(({ text, sameLine }) => (sameLine ? text : ` ${text}`)).join('');

const binaryOperator = fc.constantFrom(
	...['+', '-', '*', '/', 'and', 'or', 'to', '..', '|>', '±', '+/-', '==', '<', 'in', '!=', '>='],
);

interface Tied {
	readonly expr: Pieces;
	readonly operand: Pieces;
	readonly type: Pieces;
	/** Without blocks, which cannot stand in a hole. */
	readonly inline: Pieces;
}

const { expr, operand, type } = fc.letrec<Tied>((tie: fc.LetrecTypedTie<Tied>) => {
	const leaf = fc.oneof(name, number, fc.constantFrom('true', 'false', 'none')).map((text) => pieces(text));
	const text = fc
		.tuple(plainText, fc.option(fc.tuple(tie('inline'), plainText)))
		.map(([before, hole]) => pieces(`"${before}${hole === null ? '' : `{${flat(hole[0])}}${hole[1]}`}"`));
	const blockLine = fc.tuple(fc.constantFrom('', '  ', '\t'), plainText, fc.option(tie('inline')));
	const block = fc.array(blockLine, { maxLength: 4 }).map((lines) => {
		const body = lines.map(
			([indent, chars, hole]) => `    ${indent}${chars}${hole === null ? '' : `{${flat(hole)}}`}\n`,
		);
		return pieces(`"""\n${body.join('')}  """`);
	});
	const argument = fc.tuple(fc.option(name), tie('expr')).map(([label, value]) => ({
		named: label !== null,
		tokens: label === null ? value : pieces(label, ':', value),
	}));
	const args = fc.array(argument, { maxLength: 3 }).map((all) =>
		separated(
			[...all.filter((a) => !a.named), ...all.filter((a) => a.named)].map((a) => a.tokens),
			',',
		),
	);
	const field = fc.tuple(name, tie('expr')).map(([label, value]) => pieces(label, ':', value));
	const clause = fc.oneof(
		fc.tuple(name, tie('expr')).map(([variable, source]) => pieces('for', variable, 'in', source)),
		tie('expr').map((condition) => pieces('where', condition)),
	);
	const rows = fc
		.tuple(tie('operand'), name, tie('type'))
		.map(([callee, column, inner]) =>
			pieces(callee, piece('(', true), 'as', ':', '{', column, ':', inner, '}', ')'),
		);
	const structured = fc.oneof(
		rows,
		fc.tuple(tie('operand'), args).map(([callee, list]) => pieces(callee, piece('(', true), list, ')')),
		fc
			.tuple(tie('operand'), tie('expr'))
			.map(([target, index]) => pieces(target, piece('[', true), index, ']')),
		fc.tuple(tie('operand'), name).map(([target, member]) => pieces(target, '.', member)),
		fc.array(tie('expr'), { maxLength: 3 }).map((items) => pieces('[', separated(items, ','), ']')),
		fc.array(field, { maxLength: 3 }).map((fields) => pieces('{', separated(fields, ','), '}')),
		tie('expr').map((inner) => pieces('(', inner, ')')),
		fc
			.tuple(tie('expr'), name, tie('expr'), fc.array(clause, { maxLength: 2 }))
			.map(([body, variable, source, rest]) =>
				pieces('[', body, 'for', variable, 'in', source, ...rest, ']'),
			),
		fc.tuple(fc.constantFrom('user', 'system', 'assistant'), text).map(([role, body]) => pieces(role, body)),
	);
	// A comparison is put in parentheses, because comparisons do not chain.
	const binary = fc
		.tuple(tie('operand'), fc.array(fc.tuple(binaryOperator, tie('operand')), { minLength: 1, maxLength: 3 }))
		.map(([first, rest]) => {
			const compares = rest.filter(([operator]) => /^(==|<|in|!=|>=)$/.test(operator)).length;
			const parts = rest.map(([operator, right]) => pieces(compares > 1 ? '+' : operator, right));
			return pieces(first, ...parts);
		});
	const inline = fc.oneof(
		{ maxDepth: 3, depthIdentifier: 'inline' },
		{ weight: 4, arbitrary: leaf },
		{
			weight: 1,
			arbitrary: fc.tuple(leaf, leaf).map(([callee, arg]) => pieces(callee, piece('(', true), arg, ')')),
		},
		{ weight: 1, arbitrary: text },
		{ weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => pieces(a, '+', b)) },
		{ weight: 1, arbitrary: fc.tuple(name, leaf).map(([a, b]) => pieces('{', a, ':', b, '}')) },
	);
	return {
		inline,
		operand: fc.oneof({ maxDepth: 3, depthIdentifier: 'expr' }, leaf, leaf, text, block, structured),
		expr: fc.oneof(
			{ maxDepth: 3, depthIdentifier: 'expr' },
			tie('operand'),
			binary,
			fc.tuple(fc.constantFrom('not', '-'), tie('operand')).map(([sign, inner]) => pieces(sign, inner)),
			fc.tuple(name, tie('expr')).map(([param, body]) => pieces(param, '=>', body)),
			fc.tuple(name, name, tie('expr')).map(([a, b, body]) => pieces('(', a, ',', b, ')', '=>', body)),
			fc
				.tuple(tie('expr'), tie('expr'), tie('expr'))
				.map(([condition, then, otherwise]) => pieces('if', condition, 'then', then, 'else', otherwise)),
		),
		type: fc.oneof(
			{ maxDepth: 3, depthIdentifier: 'type' },
			fc.constantFrom('Text', 'Number', 'BBQ').map((text) => pieces(text)),
			tie('type').map((inner) => pieces('List', '<', inner, '>')),
			tie('type').map((inner) => pieces('(', inner, ')', '?')),
			fc.tuple(tie('type'), tie('type')).map(([a, b]) => pieces('(', a, ')', '|', '(', b, ')')),
			fc.tuple(tie('type'), tie('type')).map(([a, b]) => pieces('(', a, ')', '->', b)),
			fc
				.tuple(tie('type'), tie('type'), tie('type'))
				.map(([a, b, c]) => pieces('(', a, ',', b, ')', '->', c)),
			fc
				.tuple(name, tie('type'))
				.map(([label, inner]) => pieces('{', '...', 'R', ',', label, ':', inner, '}')),
			fc
				.array(tie('expr'), { minLength: 1, maxLength: 3 })
				.map((dims) => pieces('Image', piece('[', true), separated(dims, ','), ']')),
		),
	};
});

const field = fc.tuple(name, expr).map(([label, value]) => pieces(label, '=', value));
const clause = fc.oneof(
	fc.tuple(name, expr).map(([variable, source]) => pieces('for', variable, 'in', source)),
	expr.map((condition) => pieces('where', condition)),
	fc
		.tuple(expr, fc.option(name))
		.map(([count, counter]) => pieces('repeat', count, ...(counter === null ? [] : ['as', counter]))),
);
const items = (item: fc.Arbitrary<Pieces>): fc.Arbitrary<Pieces> =>
	fc.array(item, { maxLength: 4 }).map((all) => pieces('{', ...all, '}'));
const params = fc.array(fc.tuple(name, fc.option(type), fc.option(expr)), { maxLength: 2 }).map((all) =>
	pieces(
		piece('(', true),
		separated(
			all.map(([label, annotation, value]) =>
				pieces(label, ...(annotation ? [':', annotation] : []), ...(value ? ['=', value] : [])),
			),
			',',
		),
		')',
	),
);
const text = fc.oneof(
	plainText.map((chars) => pieces(`"${chars}"`)),
	plainText.map((chars) => pieces(`"""\n  ${chars}\n"""`)),
);
const message = fc
	.tuple(fc.constantFrom('user', 'system', 'assistant'), text)
	.map(([role, body]) => pieces(role, body));
const principle = fc
	.tuple(fc.constantFrom('critique', 'revise', 'prefer'), text)
	.map(([role, body]) => pieces(role, body));

const declaration: fc.Arbitrary<Pieces> = fc.oneof(
	text.map((title) => pieces('study', title)),
	fc
		.tuple(text, name, expr)
		.map(([title, label, value]) => pieces('study', title, '{', label, ':', value, '}')),
	fc.tuple(name, name, plainText).map(([a, b, path]) => pieces('use', a, ',', b, 'from', `"${path}"`)),
	name.filter((used) => !['by', 'to'].includes(used)).map((used) => pieces('use', used)),
	fc
		.tuple(name, fc.option(type), expr)
		.map(([label, annotation, value]) =>
			pieces('param', label, ...(annotation ? [':', annotation] : []), '=', value),
		),
	fc
		.tuple(fc.constantFrom('let', 'data', 'model', 'figure', 'table'), name, expr)
		.map(([keyword, label, value]) => pieces(keyword, label, '=', value)),
	fc.tuple(name, params, items(message)).map(([label, list, body]) => pieces('prompt', label, list, body)),
	fc.tuple(name, params, expr).map(([label, list, body]) => pieces('prompt', label, list, '=', body)),
	fc.tuple(name, items(principle)).map(([label, body]) => pieces('constitution', label, body)),
	fc.tuple(name, params, expr).map(([label, list, body]) => pieces('network', label, list, '{', body, '}')),
	fc.tuple(name, items(field)).map(([label, body]) => pieces('train', label, body)),
	fc.tuple(name, items(fc.oneof(field, clause))).map(([label, body]) => pieces('eval', label, body)),
	fc
		.tuple(
			name,
			operand,
			fc.array(
				operand.filter(([first]) => first?.text !== '{'),
				{ maxLength: 2 },
			),
			items(field),
		)
		.map(([label, source, by, body]) =>
			pieces(
				'table',
				label,
				'=',
				'from',
				'(',
				source,
				')',
				...(by.length > 0 ? ['by', separated(by, ',')] : []),
				body,
			),
		),
);

const gap = fc.oneof(
	{ weight: 12, arbitrary: fc.constant(' ') },
	{ weight: 3, arbitrary: fc.constantFrom('\n', '\n\n', '\n\n\n  ', '\r\n\t', '   ') },
	{
		weight: 1,
		arbitrary: fc.constantFrom(
			' # c\n',
			'\n# own\n',
			'\n\n  ## doc\n',
			' ## trailing\r\n\r\n',
			'\n#\n# two\n',
			'\n## "quoted {x}\n',
		),
	},
);

/** A program that parses, in any layout that the language allows, with comments anywhere. */
export const program: fc.Arbitrary<string> = fc
	.tuple(fc.array(declaration, { maxLength: 5 }), fc.infiniteStream(gap), fc.boolean())
	.map(([declarations, gaps, tight]) => {
		let text = '';
		for (const declared of declarations) {
			text += text === '' ? '' : '\n';
			for (const [i, { text: token, sameLine }] of declared.entries()) {
				const before = i === 0 ? '' : sameLine ? '' : (gaps.next().value as string);
				const mayTouch = tight && before === ' ' && (/^[,)\]}]/.test(token) || /[([{,]$/.test(text));
				text += (mayTouch ? '' : before) + token;
			}
		}
		return text;
	});
