/**
 * Prints which kernels each device of this machine computes as `cpu` does, gradients included: `node test/bench/kernel-table.ts`.
 * A GPU is asked for as elsewhere, with `VK_DRIVER_FILES` for a simulated one.
 */
import { surveyDevices } from '../../kernel/compute/index.ts';
import { KERNEL_CASES } from '../kernel/compute/kernel-cases/index.ts';
import type { KernelCase } from '../kernel/compute/kernel-cases/kernel-case.ts';
import { compare } from '../kernel/compute/kernel-check.ts';

/** WGSL promises sines to 2⁻¹¹ only. */
const tolerance = (device: string): number => (device === 'webgpu' ? 1e-3 : 1e-4);

async function cell(device: string, cases: readonly KernelCase[]): Promise<string> {
	const wrong: string[] = [];
	for (const each of cases) wrong.push(...(await compare(device, 'cpu', each, tolerance(device))));
	for (const what of wrong) process.stderr.write(`${device}: ${what}\n`);
	return wrong.length === 0 ? 'yes' : `no (${wrong.length} differ)`;
}

const devices = (await surveyDevices()).filter(({ name }) => name !== 'cpu');
const usable = devices.filter(({ availability }) => availability.usable).map(({ name }) => name);
const groups = Map.groupBy(KERNEL_CASES, ({ name }) => name.split(/[ ,(]/)[0] as string);

const line = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
line(['kernel', 'cases', 'with gradient', ...usable]);
line(['---', '---', '---', ...usable.map(() => '---')]);
for (const [name, cases] of groups) {
	const differentiable = cases.filter(({ gradient }) => gradient !== false).length;
	const cells: string[] = [];
	for (const device of usable) cells.push(await cell(device, cases));
	line([name, String(cases.length), String(differentiable), ...cells]);
}
console.log('');
for (const { name, availability } of devices)
	console.log(`${name}: ${availability.usable ? '' : 'not here, '}${availability.says}`);
