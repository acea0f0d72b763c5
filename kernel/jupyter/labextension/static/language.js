// The Assay language for CodeMirror 6, as a stream mode: a token at a time, with the open texts as its state.

const KEYWORDS = new Set(
	'study use param let data model prompt constitution network train eval table figure for where repeat in from by as if then else and or not to on system user assistant critique revise prefer'.split(
		' ',
	),
);
const ATOMS = new Set(['true', 'false', 'none']);

/** State: the texts that are open, outermost first, each with its quotes and the braces open in its hole. */
export const assayMode = {
	name: 'assay',
	startState: () => ({ open: [] }),
	copyState: ({ open }) => ({ open: open.map((each) => ({ ...each })) }),
	languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"', '"""'] } },
	token(stream, state) {
		const text = state.open.at(-1);
		if (text && text.braces === 0) return inText(stream, state, text);
		if (stream.eatSpace()) return null;
		if (stream.match('##')) {
			stream.skipToEnd();
			return 'docComment';
		}
		if (stream.match('#')) {
			stream.skipToEnd();
			return 'lineComment';
		}
		if (stream.sol() && stream.match(/%%?assay\b.*/)) return 'meta';
		if (stream.match('"""') || stream.match('"')) {
			state.open.push({ quote: stream.current(), braces: 0 });
			return 'string';
		}
		if (stream.match(/\$?\d[\d_]*(\.\d+)?([eE][+-]?\d+)?(min|ms|s|h|k|M|%)?/)) return 'number';
		if (stream.match(/[A-Za-z_]\w*/)) return word(stream);
		const character = stream.next();
		if (text && character === '{') text.braces++;
		if (text && character === '}') {
			text.braces--;
			return text.braces === 0 ? 'brace' : null;
		}
		return /[|>±=+\-*/<!]/.test(character) ? 'operator' : null;
	},
};

function word(stream) {
	const name = stream.current();
	const next = stream.string.slice(stream.pos).trimStart();
	// A keyword is a name where it is a field's or an argument's.
	if (KEYWORDS.has(name) && !/^[:.]/.test(next) && !/\.$/.test(stream.string.slice(0, stream.start)))
		return 'keyword';
	if (ATOMS.has(name)) return 'atom';
	if (/^\(/.test(next)) return 'variableName.function';
	return /^[A-Z]/.test(name) ? 'typeName' : 'variableName';
}

function inText(stream, state, text) {
	while (!stream.eol()) {
		if (stream.match(text.quote)) {
			state.open.pop();
			return 'string';
		}
		if (stream.match(/\\./)) continue;
		if (stream.peek() === '{') {
			if (stream.pos > stream.start) return 'string';
			stream.next();
			text.braces = 1;
			return 'brace';
		}
		stream.next();
	}
	// A text in single quotes ends with its line.
	if (text.quote === '"') state.open.pop();
	return 'string';
}
