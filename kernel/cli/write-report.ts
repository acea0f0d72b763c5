import { reportPage } from '../display/report/page.ts';
import { createRedact } from '../engine/calls/redact.ts';
import { type ReportSource, reportInput } from './report-input.ts';
import { writeWhole } from './write-whole.ts';

/** Writes the report page of a run, all of it or nothing. */
export function writeReport(file: string, source: ReportSource): void {
	writeWhole(file, createRedact()(reportPage(reportInput(source))), 'the report');
}
