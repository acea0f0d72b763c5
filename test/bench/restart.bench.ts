import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { studyFolder } from '../helpers/assay.ts';
import { startAssay } from './assay-process.ts';
import { count, report, seconds } from './measure.ts';
import { type LoopbackServer, startServer } from './start-server.ts';
import { samplesStudy } from './studies.ts';

const ROWS = 200_000;
const KILL_AT = 150_000;
const IN_FLIGHT = 64;
const AIM_SECONDS = 5;

async function servedPast(server: LoopbackServer, calls: number, pollMs: number): Promise<void> {
	while ((await server.served()) <= calls) await sleep(pollMs);
}

const server = await startServer(0);
const folder = studyFolder({ 'study.assay': samplesStudy(server.url, ROWS, IN_FLIGHT) });
const args = ['run', join(folder.path, 'study.assay'), '--store', join(folder.path, 'store.db')];

const first = startAssay(args, folder.path);
await servedPast(server, KILL_AT, 100);
first.process.kill('SIGKILL');
await first.finished;
// What was on its way still arrives.
await sleep(500);
const before = await server.served();

const started = performance.now();
const second = startAssay(args, folder.path);
await servedPast(server, before, 10);
const waited = (performance.now() - started) / 1000;
const { code, err } = await second.finished;
const twice = (await server.served()) - ROWS;
if (code !== 0) throw new Error(err);
if (twice > IN_FLIGHT) throw new Error(`${twice} calls were made twice`);
report({
	what: `First new call of ${count(ROWS)} rows, killed after ${count(KILL_AT)} and started again`,
	assay: seconds(waited),
	aim: `< ${AIM_SECONDS} s`,
	met: waited < AIM_SECONDS,
});
folder.remove();
server.stop();
