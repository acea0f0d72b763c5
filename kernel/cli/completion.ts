import { type Action, type Command, EXIT, UsageError } from './command.ts';
import { commands } from './commands.ts';

/** A completion script for a shell, made from the table of commands. */
export const completion: Action = async ({ operands, terminal }) => {
	const [shell = ''] = operands;
	const make = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
	if (!make) throw new UsageError('say which shell: bash, zsh or fish', 'source <(assay completion bash)');
	terminal.out.write(make());
	return EXIT.done;
};

const names = commands.map((command) => command.name).join(' ');

const optionsOf = (command: Command): string =>
	[...command.options.map((option) => `--${option.name}`), '--help'].join(' ');

/** Where no word fits, the shell completes file names. */
function bash(): string {
	const cases = commands.map(
		(command) =>
			`      ${command.name}) words="${command.words?.join(' ') ?? ''}" options="${optionsOf(command)}" ;;`,
	);
	return `_assay() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" options=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${names} help" options="--help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
      help) words="${names} exit-codes" ;;
    esac
  fi
  case "$current" in -*) words="$options" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _assay assay
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
