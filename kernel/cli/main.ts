import { parseArgs } from 'node:util';
import { nearest } from '../../dsl/nearest.ts';
import { paint, wantsColor } from '../display/paint.ts';
import { printable } from '../display/printable.ts';
import { type Command, EXIT, type ExitCode, type Invocation, type Terminal, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, exitCodes, overview } from './help.ts';

/** The `assay` command: finds the action, and turns whatever goes wrong into a sentence and an exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
	const terminal: Terminal = {
		out: process.stdout,
		err: process.stderr,
		color: wantsColor(process.stdout),
		columns: process.stdout.columns ?? 80,
	};
	quietOnClosedPipe();
	try {
		return await dispatch(args, terminal);
	} catch (error) {
		return await reportFailure(error, terminal);
	}
}

/** `assay … | head` closes the pipe early; that is not an error. */
function quietOnClosedPipe(): void {
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') process.exit(0);
		throw error;
	});
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
	const colors = paint(terminal.color);
	const [first, ...rest] = args;
	if (first === '--version' || first === '-V') {
		terminal.out.write(`${(await import('./version.ts')).version}\n`);
		return EXIT.done;
	}
	if (
		first === undefined ||
		first === '--help' ||
		first === '-h' ||
		(first === 'help' && rest.length === 0)
	) {
		terminal.out.write(overview(colors));
		return first === undefined ? EXIT.usage : EXIT.done;
	}
	if (first === 'help' && rest[0] === 'exit-codes') {
		terminal.out.write(exitCodes());
		return EXIT.done;
	}
	const command = findCommand(first === 'help' ? (rest[0] as string) : first);
	if (first === 'help') {
		terminal.out.write(commandHelp(command, colors));
		return EXIT.done;
	}
	const invocation = parse(command, rest, terminal);
	if (invocation.options.help === true) {
		terminal.out.write(commandHelp(command, colors));
		return EXIT.done;
	}
	return await (await command.load())(invocation);
}

function findCommand(name: string): Command {
	const command = commands.find((candidate) => candidate.name === name);
	if (command) return command;
	if (name.endsWith('.assay')) throw new UsageError(`${name} is a study, not a command`, `assay run ${name}`);
	const near = nearest(
		name,
		commands.map((candidate) => candidate.name),
	);
	throw new UsageError(
		`there is no command "${name}"`,
		near ? `did you mean \`assay ${near}\`?` : '`assay --help` lists the commands',
	);
}

function parse(command: Command, args: readonly string[], terminal: Terminal): Invocation {
	const known = Object.fromEntries(
		command.options.map((option) => [
			option.name,
			{
				type: option.value ? 'string' : 'boolean',
				multiple: option.many ?? false,
				...(option.short ? { short: option.short } : {}),
			} as const,
		]),
	);
	try {
		const parsed = parseArgs({
			args: [...args],
			options: { ...known, help: { type: 'boolean', short: 'h' } },
			allowPositionals: true,
		});
		return { operands: parsed.positionals, options: parsed.values as Invocation['options'], terminal };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const option = /'(-[^' ]+)/.exec(message)?.[1];
		const near = option
			? nearest(
					option.replace(/^-+/, ''),
					command.options.map((o) => o.name),
				)
			: null;
		const what =
			option && /[Uu]nknown option/.test(message)
				? `\`assay ${command.name}\` has no option ${option}`
				: message.split('. ')[0];
		throw new UsageError(what ?? message, near ? `did you mean --${near}?` : `assay help ${command.name}`);
	}
}

async function reportFailure(error: unknown, terminal: Terminal): Promise<ExitCode> {
	const { createRedact } = await import('../engine/calls/redact.ts');
	const { UserError } = await import('../../stdlib/define.ts');
	const redact = createRedact();
	const colors = paint(wantsColor(terminal.err));
	const show = (message: string, help: string | null): void => {
		terminal.err.write(`${colors.error('error')}: ${printable(redact(message), true)}\n`);
		if (help) terminal.err.write(`  ${colors.bold('help')}: ${printable(redact(help), true)}\n`);
	};
	if (error instanceof UsageError) {
		show(error.message, error.help);
		return EXIT.usage;
	}
	if (error instanceof UserError) {
		show(error.message, error.help);
		return EXIT.unavailable;
	}
	show(
		error instanceof Error
			? `this is a fault of Assay itself: ${error.stack ?? error.message}`
			: String(error),
		'please report it with the text above',
	);
	return EXIT.internal;
}
