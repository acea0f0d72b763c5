/**
 * Runs the benches named in the arguments (`loopback rows …`), or all, one after the other and each in a process of its own,
 * and prints one table. They time nothing that a test depends on, and share the machine with whatever else runs on it.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { NODE_FLAGS } from './assay-process.ts';
import type { Measurement } from './measure.ts';

const SUFFIX = '.bench.ts';
const here = import.meta.dirname;

function bench(name: string): Promise<{ readonly lines: readonly Measurement[]; readonly failed: boolean }> {
	const lines: Measurement[] = [];
	const child = fork(`${here}/${name}${SUFFIX}`, { execArgv: NODE_FLAGS, stdio: ['ignore', 2, 2, 'ipc'] });
	child.on('message', (message) => lines.push(message as Measurement));
	return new Promise((resolve) => child.on('close', (code) => resolve({ lines, failed: code !== 0 })));
}

function cells({ what, assay, peer = '', ratio = '', aim = '', met }: Measurement): string[] {
	return [what, assay, peer, ratio, met === false ? `${aim} (missed)` : aim];
}

/** A Markdown table, aligned, for the README and for eyes. */
function table(lines: readonly Measurement[]): string {
	const rows = [['', 'Assay', 'peer', 'ratio', 'aim'], ...lines.map(cells)];
	const widths =
		rows[0]?.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0))) ?? [];
	const text = rows.map(
		(row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
	);
	text.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
	return text.join('\n');
}

function machine(): string {
	const load = loadavg().map((value) => value.toFixed(1));
	const model = cpus()[0]?.model ?? 'unknown processor';
	const date = new Date().toISOString().slice(0, 10);
	return `${availableParallelism()} cores of ${model}, Node ${process.versions.node}, ${date}, load ${load.join(' ')}`;
}

const known = readdirSync(here)
	.filter((file) => file.endsWith(SUFFIX))
	.map((file) => file.slice(0, -SUFFIX.length));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
	process.stderr.write(`there is no bench ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
	process.exit(2);
}
const lines: Measurement[] = [];
for (const name of asked.length > 0 ? asked : known) {
	process.stderr.write(`${name} …\n`);
	const result = await bench(name);
	lines.push(...result.lines);
	if (result.failed) process.exitCode = 1;
}
process.stdout.write(`\n${table(lines)}\n\n${machine()}\n`);
