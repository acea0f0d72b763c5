import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { ScratchStore } from '../../../../kernel/engine/store/scratch-store.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { newFolder } from './stores.ts';

const keyOf = (n: number): string => n.toString(16).padStart(64, '0');

test('used calls are those of both stores, each once and in order', (t) => {
	const some = fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 12 });
	fc.assert(
		fc.property(some, some, (kept, made) => {
			const [base, scratch] = [openStore(':memory:'), openStore(':memory:')];
			for (const n of kept) base.useCall('step', keyOf(n));
			for (const n of made) scratch.useCall('step', keyOf(n));
			const store = new ScratchStore(base, scratch);
			const used = [...store.usedCalls(['step', 'another'])];
			store.close();
			const all = [...new Set([...kept, ...made])].sort((a, b) => a - b);
			return JSON.stringify(used) === JSON.stringify(all.map(keyOf));
		}),
		{ numRuns: 50 },
	);
	t.pass();
});

test('what is written is read again, over what was there, and is gone afterwards', (t) => {
	const path = join(newFolder(), 'store.db');
	const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
	const first = openStore(path);
	first.writeStep('step', { n: 1 }, [Buffer.from('kept')]);
	const file = first.putArtefact(Buffer.from('weights'));
	first.close();

	const store = new ScratchStore(openStore(path, { readOnly: true }), openStore(':memory:'));
	t.is(text(store.readChunk('step', 0)), 'kept');
	store.writeStep('step', { n: 2 }, [Buffer.from('made again')]);
	t.deepEqual(store.getStep('step')?.meta, { n: 2 });
	t.is(text(store.readChunk('step', 0)), 'made again');
	t.is(text(store.getArtefact(file) as Uint8Array), 'weights');
	const made = store.putArtefact(Buffer.from('other weights'));
	t.is(text(store.getArtefact(made) as Uint8Array), 'other weights');
	store.endRun(store.beginRun({ program: 'p', title: 'P' }), 'done', null);
	t.deepEqual(store.runs(), []);
	store.close();

	const after = openStore(path, { readOnly: true });
	t.is(text(after.readChunk('step', 0)), 'kept');
	t.like(after.stats(), { steps: 1, runs: 0, artefacts: { count: 1 } });
	after.close();
});
