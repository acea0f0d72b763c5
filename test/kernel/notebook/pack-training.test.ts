import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readNotebook, writeNotebook } from '../../../kernel/notebook/document.ts';
import { packBytes, readPack } from '../../../kernel/notebook/pack/archive.ts';
import { assay, studyFolder } from '../../helpers/assay.ts';
import { notebookFolder, outputsOf, plain } from '../../helpers/notebooks.ts';

const STUDY = `%%assay
study "Digits" {
  seed: 5
}
data digits = mnist()
data few = digits.train |> take(64)
network logits(x: Image[28, 28, 1]) {
  x |> flatten |> dense(10)
}
model plain = classifier(logits)
train fit {
  model = plain
  on = few
  batch = 16
  steps = 20
  evaluate = few
}
eval seen {
  for x in few |> take(20)
  right = fit.predict(x.image).best == "{x.label}"
}
table t = from seen {
  accuracy = mean(right)
}
figure f = line(fit.history(), x: step, y: loss)
`;

test('a notebook that trains a network is packed, trained anew where nothing of it is, and comes to the same', async (t) => {
	const { cwd } = notebookFolder(t, [
		STUDY,
		'(await fit.predict(few.row(0).image)).probs.map((prob) => prob.toFixed(5))',
	]);
	const packed = await assay(['notebook', 'pack', 'study.ipynb'], { cwd });
	t.is(packed.code, 0, packed.err);
	const elsewhere = studyFolder({});
	t.teardown(elsewhere.remove);
	const pack = join(elsewhere.path, 'study.assaypack');
	renameSync(join(cwd, 'study.assaypack'), pack);
	const verified = await assay(['notebook', 'verify', 'study.assaypack'], { cwd: elsewhere.path });
	t.is(verified.code, 0, verified.out + verified.err);
	t.regex(verified.err, /the same comes out: 3 outputs compared/);

	// A network with another first draw has other probabilities.
	const { manifest, contents } = readPack(pack);
	const path = join(elsewhere.path, 'changed.ipynb');
	writeFileSync(path, contents.get('files/study.ipynb') ?? '');
	const document = readNotebook(path);
	t.regex(outputsOf(document).flat().map(plain).join('\n'), /accuracy/);
	const [cell] = document.cells;
	if (cell) cell.source = cell.source.replace('seed: 5', 'seed: 6');
	writeNotebook(path, document);
	const { files: _, ...rest } = manifest;
	writeFileSync(pack, packBytes(rest, new Map([...contents, ['files/study.ipynb', readFileSync(path)]])));
	const other = await assay(['notebook', 'verify', 'study.assaypack'], { cwd: elsewhere.path });
	t.is(other.code, 1, other.err);
	t.regex(other.out, /cell 2, output 1, text\/plain/);
});
