import test from 'ava';
import fc from 'fast-check';
import { format } from '../../../dsl/format/format.ts';
import { parse } from '../../../dsl/parser/parser.ts';
import { program } from '../../helpers/programs.ts';
import { commentsOf, shapeOf } from '../../helpers/syntax-shape.ts';

const runs = Number(process.env.ASSAY_PROPERTY_RUNS ?? 300);

test('generated programs parse, and formatting them keeps the tree and every comment and is done after once', (t) => {
	fc.assert(
		fc.property(program, (source) => {
			const parsed = parse(source);
			fc.pre(source.length < 20_000);
			if (parsed.problems.length > 0) throw new Error(`does not parse: ${JSON.stringify(parsed.problems)}`);
			const once = format(source);
			if (!('text' in once)) throw new Error('refused');
			const again = parse(once.text);
			if (again.problems.length > 0) throw new Error(`formatted, it does not parse:\n${once.text}`);
			if (JSON.stringify(shapeOf(again.program)) !== JSON.stringify(shapeOf(parsed.program)))
				throw new Error(`formatting changed the tree:\n${once.text}`);
			if (commentsOf(again.program).join('\n') !== commentsOf(parsed.program).join('\n'))
				throw new Error(`formatting changed the comments:\n${once.text}`);
			const twice = format(once.text);
			if (!('text' in twice) || twice.text !== once.text)
				throw new Error(`not idempotent:\n${once.text}\n---\n${'text' in twice ? twice.text : ''}`);
			if (/[ \t]$/m.test(once.text)) throw new Error(`trailing blanks:\n${once.text}`);
		}),
		{ numRuns: runs },
	);
	t.pass();
});
