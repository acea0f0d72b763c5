import { join } from 'node:path';
import { studyFolder } from '../helpers/assay.ts';
import { assay } from './assay-process.ts';
import { count, mb, report } from './measure.ts';
import { startServer } from './start-server.ts';
import { samplesStudy } from './studies.ts';

const IN_FLIGHT = 20;
const AIM_BYTES = 250e6;

const server = await startServer(0);
for (const calls of [2_000, 20_000, 100_000]) {
	const folder = studyFolder({ 'study.assay': samplesStudy(server.url, calls, IN_FLIGHT) });
	const study = join(folder.path, 'study.assay');
	const { peak } = await assay(['run', study, '--store', join(folder.path, 'store.db')], folder.path);
	report({
		what: `Peak memory of ${count(calls)} calls, ${IN_FLIGHT} in flight`,
		assay: mb(peak),
		...(calls === 20_000 ? { aim: `< ${mb(AIM_BYTES)}`, met: peak < AIM_BYTES } : {}),
	});
	folder.remove();
}
server.stop();
