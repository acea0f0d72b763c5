import test from 'ava';
import fc from 'fast-check';
import { LanguageService } from '../../../dsl/service/language-service.ts';
import { testLibrary } from '../../helpers/library.ts';
import { mutatedPrograms } from '../../helpers/mutated-programs.ts';

const numRuns = Number(process.env.ASSAY_PROPERTY_RUNS ?? 200);

test('an editor gets an answer at any place of any program', (t) => {
	const place = fc.double({ min: 0, max: 1, noNaN: true });
	fc.assert(
		fc.property(mutatedPrograms, place, fc.constantFrom('fresh', 'items', 'in', ''), (text, at, name) => {
			const service = new LanguageService(text, { library: testLibrary });
			const offset = Math.floor(at * text.length);
			service.complete(offset);
			service.hover(offset);
			service.signatureHelp(offset);
			service.definition(offset);
			const renamed = service.rename(offset, name);
			for (const { start, end } of [
				...service.references(offset),
				...(renamed.kind === 'edits' ? renamed.edits.map((edit) => edit.span) : []),
			])
				if (start < 0 || end < start || end > text.length) throw new Error('a place outside of the text');
		}),
		{ numRuns },
	);
	t.pass();
});
