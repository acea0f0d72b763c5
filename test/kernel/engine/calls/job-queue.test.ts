import test from 'ava';
import fc from 'fast-check';
import { JobQueue } from '../../../../kernel/engine/calls/job-queue.ts';

test('jobs come out by rank, and in the order of asking within one, whatever is put in when', (t) => {
	const step = fc.oneof(
		fc.record({ put: fc.integer({ min: 0, max: 5 }), first: fc.boolean() }),
		fc.constant('take' as const),
	);
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const queue = new JobQueue<{ rank: number; id: number }>();
			let plain: { rank: number; id: number }[] = [];
			steps.forEach((action, id) => {
				if (action === 'take') {
					const next = plain.toSorted((a, b) => a.rank - b.rank)[0];
					t.is(queue.peek(), next);
					t.is(queue.shift(), next);
					plain = plain.filter((job) => job !== next);
					return;
				}
				const job = { rank: action.put, id };
				if (action.first) {
					queue.putFirst(job);
					plain.unshift(job);
				} else {
					queue.push(job);
					plain.push(job);
				}
			});
			t.is(queue.length, plain.length);
			t.deepEqual(
				queue.takeAll(),
				plain.toSorted((a, b) => a.rank - b.rank),
			);
			t.is(queue.length, 0);
		}),
	);
});
