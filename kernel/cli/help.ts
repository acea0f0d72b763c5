import { stripVTControlCharacters } from 'node:util';
import type { Paint } from '../display/paint.ts';
import { wrapWords } from '../display/text-fit.ts';
import { type Command, EXIT, type Option } from './command.ts';
import { commands } from './commands.ts';

export function overview(colors: Paint): string {
	const width = Math.max(...commands.map((command) => command.name.length)) + 2;
	const lines = commands.map((command) => `  ${colors.accent(command.name.padEnd(width))}${command.summary}`);
	return `${colors.bold('assay')} — declare an experiment on models, see its cost, run it, share it

Usage: assay <command> [options]

${lines.map((line) => wrapLine(line, width + 2)).join('\n')}

First steps:
  assay check study.assay      is it right?
  assay plan study.assay       what would it do, and cost?
  assay run study.assay        do it; again: nothing is paid twice
  assay report study.assay     a page to read and to share

\`assay help <command>\` says more; \`assay help exit-codes\` lists the exit codes.
`;
}

export function commandHelp(command: Command, colors: Paint): string {
	const options = [...command.options, HELP];
	const width = Math.max(...options.map((option) => optionName(option).length)) + 2;
	const rows = options.map((option) =>
		wrapLine(`  ${colors.accent(optionName(option).padEnd(width))}${option.summary}`, width + 2),
	);
	const title = wrapWords(`assay ${command.name} — ${command.summary}`, 80, 2).join('\n');
	const name = `assay ${command.name}`;
	return `${title.replace(name, colors.bold(name))}

Usage: assay ${command.name} [options] ${command.operands}

${wrapParagraphs(command.details)}

Options:
${rows.join('\n')}
`;
}

/** Examples are indented, and stay as they are. */
const wrapParagraphs = (text: string): string =>
	text
		.split('\n')
		.flatMap((line) => (line.startsWith(' ') ? [line] : wrapWords(line, 80)))
		.join('\n');

const HELP: Option = { name: 'help', short: 'h', summary: 'show this' };

const optionName = (option: Option): string =>
	`${option.short ? `-${option.short}, ` : ''}--${option.name}${option.value ? ` ${option.value}` : ''}`;

/** Breaks a line at 80 columns, continuing under its description. */
function wrapLine(line: string, indent: number): string {
	const out: string[] = [];
	let current = '';
	let width = 0;
	for (const word of line.split(/(?<=\S) /)) {
		const size = stripVTControlCharacters(word).length;
		if (width > 0 && width + 1 + size > 80) {
			out.push(current);
			current = ' '.repeat(indent) + word;
			width = indent + size;
		} else {
			current = width === 0 ? word : `${current} ${word}`;
			width += size + (width === 0 ? 0 : 1);
		}
	}
	return [...out, current].join('\n');
}

const EXIT_MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
	done: 'everything was done',
	problems: 'the study has errors, or a check found something',
	usage: 'the command line is wrong',
	failures: 'the run ended, but some rows or steps failed',
	budget: 'a budget stopped the run; what was done is kept',
	unavailable: 'something is not here: a file, a model, a key, a store that can be written',
	internal: 'a fault of Assay itself',
	interrupted: 'interrupted; finished calls are kept',
};

export const exitCodes = (): string =>
	`Exit codes of every command:\n${Object.entries(EXIT)
		.map(([name, code]) => `  ${String(code).padStart(3)}  ${EXIT_MEANING[name as keyof typeof EXIT]}`)
		.join('\n')}\n`;
