import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
import type { Declaration } from './declaration.ts';

/** `docs/commands/completion.md`. What may follow, the program itself says: `candidates.ts`. */
export function declareCompletion(program: Declaration, context: Context): void {
  const { name } = mannersOf(context.calledAs);
  const completion = program.command('completion').summary('print a script that completes command lines in a shell');
  for (const { shell, script } of shells)
    completion
      .command(shell)
      .summary(`print the script for ${shell}`)
      .action(() => context.out(script(name)));
}

interface Shell {
  readonly shell: string;
  /** Asks the program with the words so far, and with the last one where it begins with a dash. */
  script(name: string): string;
}

const bash = (name: string): string => `# Completes ${name} in bash. Load it with: source <(${name} completion bash)
_${name}_complete() {
  local current="\${COMP_WORDS[COMP_CWORD]}" IFS=$'\\n'
  local given=("\${COMP_WORDS[@]:0:COMP_CWORD}")
  [[ $current == -* ]] && given+=("$current")
  COMPREPLY=($(compgen -W "$("\${given[@]}" --generate-bash-completion 2>/dev/null)" -- "$current"))
}
complete -o bashdefault -o default -F _${name}_complete ${name}
`;

const zsh = (name: string): string => `#compdef ${name}
# Completes ${name} in zsh. Load it with: source <(${name} completion zsh)
_${name}() {
  local -a given found
  given=("\${(@)words[1,CURRENT-1]}")
  [[ \${words[CURRENT]} == -* ]] && given+=("\${words[CURRENT]}")
  found=("\${(@f)$(_CLI_ZSH_AUTOCOMPLETE_HACK=1 "\${given[@]}" --generate-bash-completion 2>/dev/null)}")
  if [[ -n \${found[1]} ]]; then _describe ${name} found; else _files; fi
}
compdef _${name} ${name}
`;

const fish = (name: string): string => `# Completes ${name} in fish. Load it with: ${name} completion fish | source
function __${name}_complete
    set -l given (commandline -opc)
    set -l current (commandline -ct)
    string match -q -- '-*' $current; and set -a given $current
    env _CLI_ZSH_AUTOCOMPLETE_HACK=1 $given --generate-bash-completion 2>/dev/null | string replace ':' \\t
end
complete -c ${name} -a '(__${name}_complete)'
`;

const powershell = (
  name: string,
): string => `# Completes ${name} in PowerShell. Load it with: ${name} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock {
  param($current, $line, $position)
  $given = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  if ($current -like '-*') { $given += $current }
  $program, $rest = $given
  & $program @rest --generate-bash-completion 2>$null | Where-Object { $_ -like "$current*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`;

const shells: readonly Shell[] = [
  { shell: 'bash', script: bash },
  { shell: 'zsh', script: zsh },
  { shell: 'fish', script: fish },
  { shell: 'powershell', script: powershell },
];
