import { type Action, EXIT, UsageError } from './command.ts';
import { commands } from './commands.ts';

/** A completion script for a shell, made from the table of commands. */
export const completion: Action = async ({ operands, terminal }) => {
	const make = SHELLS[operands[0] ?? ''];
	if (!make) throw new UsageError('say which shell: bash, zsh or fish', 'source <(assay completion bash)');
	terminal.out.write(make());
	return EXIT.done;
};

const words = (): string => commands.map((command) => command.name).join(' ');

const optionsOf = (name: string): string => {
	const command = commands.find((candidate) => candidate.name === name);
	return [
		...(command?.words ?? []),
		...(command?.options ?? []).map((option) => `--${option.name}`),
		'--help',
	].join(' ');
};

function bash(): string {
	const cases = commands
		.map((command) => `    ${command.name}) words="${optionsOf(command.name)}" ;;`)
		.join('\n');
	return `_assay() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words()} help" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _assay assay
`;
}

const zsh = (): string => `autoload -U +X bashcompinit && bashcompinit\n${bash()}`;

function fish(): string {
	const lines = commands.flatMap((command) => [
		`complete -c assay -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
		...command.options.map(
			(option) =>
				`complete -c assay -n '__fish_seen_subcommand_from ${command.name}' -l ${option.name} -d ${quote(option.summary)}`,
		),
		...(command.words ?? []).map(
			(word) => `complete -c assay -n '__fish_seen_subcommand_from ${command.name}' -a ${word}`,
		),
	]);
	return `${lines.join('\n')}\n`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

const SHELLS: Readonly<Record<string, (() => string) | undefined>> = { bash, zsh, fish };
