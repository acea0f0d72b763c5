import { renameSync, writeFileSync } from 'node:fs';
import { UserError } from '../../stdlib/define.ts';
import { reportPage } from '../display/report/page.ts';
import { createRedact } from '../engine/calls/redact.ts';
import { type ReportSource, reportInput } from './report-input.ts';

/** Writes the report page of a run, all of it or nothing. */
export function writeReport(file: string, source: ReportSource): void {
	const page = createRedact()(reportPage(reportInput(source)));
	const beside = `${file}.${process.pid}.tmp`;
	try {
		writeFileSync(beside, page);
		renameSync(beside, file);
	} catch (error) {
		throw new UserError(
			`the report cannot be written to ${file}: ${(error as Error).message}`,
			'name another file with --report or --out',
		);
	}
}
