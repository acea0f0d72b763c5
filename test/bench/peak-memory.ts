/** Preloaded into a process that is measured (`--import`): writes its peak resident memory, in bytes, when it ends. */
import { readFileSync, writeFileSync } from 'node:fs';

/** `maxRSS` may be that of the process which started this one; Linux also counts each program on its own. */
export function peakBytes(): number {
	try {
		const kib = readFileSync('/proc/self/status', 'utf8').match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
		if (kib) return Number(kib) * 1024;
	} catch {
		// Not Linux.
	}
	return process.resourceUsage().maxRSS * 1024;
}

const { ASSAY_BENCH_PEAK: file } = process.env;
if (file) process.on('exit', () => writeFileSync(file, String(peakBytes())));
