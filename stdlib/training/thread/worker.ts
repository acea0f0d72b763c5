import { parentPort, workerData } from 'node:worker_threads';
import { announceNativeCalls } from '../../../kernel/compute/index.ts';
import { UserError } from '../../define.ts';
import { isFamily } from '../family.ts';
import { openDevice } from '../open-device.ts';
import type { TrainingHooks, TrainingResult } from '../training-hooks.ts';
import { train } from '../training-run.ts';
import { AskedBatches } from './asked-batches.ts';
import { crossing } from './crossing-errors.ts';
import { Host } from './host.ts';
import type { FromThread, Job } from './messages.ts';
import './known-kinds.ts';

/** The thread in which models are trained, one run after the other. */
if (workerData instanceof SharedArrayBuffer) announceNativeCalls(workerData);
parentPort?.on('message', (job: Job) => void work(job));

async function work(job: Job): Promise<void> {
	const host = new Host(job.port);
	try {
		const outcome = await outcomeOf(job, host);
		host.tell(outcome, outcome.kind === 'done' ? buffersOf(outcome.result) : []);
	} catch (error) {
		host.tell({ kind: 'failed', error: crossing(error, host.signal) });
	}
	host.close();
}

async function outcomeOf(job: Job, host: Host): Promise<FromThread & { kind: 'done' | 'unable' }> {
	const { architecture, settings } = job;
	if (!isFamily(architecture.family))
		return { kind: 'unable', why: `the family ${architecture.family} is known only where it is declared` };
	try {
		await openDevice(settings.device);
	} catch (error) {
		if (error instanceof UserError) throw error;
		// A native add-on that can be loaded once a process.
		return { kind: 'unable', why: `the device does not open in a thread: ${String(error)}` };
	}
	const batches = new AskedBatches(host, job);
	return { kind: 'done', result: await train(architecture, batches, settings, hooksOf(job, host)) };
}

const hooksOf = ({ keepsCheckpoints }: Job, host: Host): TrainingHooks => ({
	signal: host.signal,
	progress: (progress) => host.tell({ kind: 'progress', progress }),
	notice: (message) => host.tell({ kind: 'notice', message }),
	...(keepsCheckpoints
		? {
				checkpoint: {
					read: () => host.ask('read-checkpoint', {}),
					write: async (bytes) => {
						await host.ask('write-checkpoint', { bytes }, movable(bytes));
					},
				},
			}
		: {}),
});

/** Buffers that go over instead of being copied; memory that both threads see is not moved. */
const buffersOf = ({ weights }: TrainingResult): ArrayBuffer[] => [
	...new Set([...weights.values()].flatMap(({ data }) => movable(data))),
];

const movable = ({ buffer }: { readonly buffer: ArrayBufferLike }): ArrayBuffer[] =>
	buffer instanceof ArrayBuffer ? [buffer] : [];
