// Three scripts, each in its shell's own manner. cli_test.cpp holds them against the command line:
// no command and no option is missing from any of them.
#include "app/completion.h"

namespace nk::app {

namespace {

constexpr std::string_view bash = R"sh(# bash completion for naklank; install:
#   naklank completion bash > /usr/share/bash-completion/completions/naklank
# Paths: a folder gets a slash and no blank after it, and a name's blanks are escaped.
_naklank_paths() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}
# A word as the command gets it: the home folder for ~, no quotes and no backslashes.
_naklank_plain() {
    local word=$1
    [[ $word == "~" || $word == "~/"* ]] && word=$HOME${word:1}
    word=${word//[\'\"\\]/}
    printf '%s' "$word"
}
_naklank() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= command= archive= i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --archive) archive=$(_naklank_plain "${COMP_WORDS[i+1]}") ;;
            -*) ;;
            *) [[ -z $command ]] && command=${COMP_WORDS[i]} ;;
        esac
    done
    case $prev in
        --archive|--state|--site|--watch) _naklank_paths -d "$cur"; return ;;
        --read|--tls-keylog|-o|--output|--config) _naklank_paths -f "$cur"; return ;;
        --token-file|--users-file) _naklank_paths -f "$cur"; return ;;
        --tls-certificate|--tls-key|--tls-clients) _naklank_paths -f "$cur"; return ;;
        --interface) words=$(ls /sys/class/net 2>/dev/null) ;;
        --basis) words="own-line company" ;;
        --purpose|--watch-purpose) words="wording training agreement memory keepsake" ;;
        --format) words="wav flac original json s16le" ;;
        --track) words="caller callee 1 2" ;;
        --filter|--since|--until|--number|--limit|--own-number|--template) return ;;
        --zone|--watch-zone) words=$(timedatectl list-timezones 2>/dev/null) ;;
        --siprec|--allow|--media-address|--sip-address|--ports|--calls-max|--http) return ;;
        --silence-seconds|--drain-seconds) return ;;
    esac
    if [[ -n $words ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        return
    fi
    case $command in
        "") words="record serve list show verify export rebuild recover doctor import version"
            words+=" completion help --help --version" ;;
        help) words="record serve list show verify export rebuild recover doctor import version"
            words+=" completion" ;;
        record)
            words="--read --interface --filter --tls-keylog --basis --purpose --quiet --archive"
            words+=" --json --help" ;;
        serve|doctor)
            words="--siprec --allow --users-file --media-address --sip-address --ports --calls-max"
            words+=" --tls-certificate --tls-key --tls-clients --http --state --site --token-file"
            words+=" --watch --watch-purpose --watch-zone --silence-seconds --drain-seconds"
            words+=" --basis --purpose --config --archive --json --help"
            [[ $command == doctor ]] && words+=" --interface" ;;
        list) words="--since --until --number --unsure --limit --archive --json --help" ;;
        show) words="--archive --json --help" ;;
        verify) words="--all --quiet --archive --json --help" ;;
        export)
            words="--format --track --trim --output --force --bcr --all --since --until --number"
            words+=" --template --own-number --zone --archive --json --help" ;;
        rebuild|recover) words="--archive --json --help" ;;
        import)
            [[ $cur != -* ]] && { _naklank_paths -f "$cur"; return; }
            words="--purpose --basis --own-number --zone --template --dry-run --quiet --archive"
            words+=" --json --help" ;;
        completion) words="bash zsh fish --help" ;;
    esac
    case $command in
        show|verify|export)
            [[ $cur != -* ]] &&
                words="$(naklank __complete ${archive:+--archive "$archive"} "$cur" 2>/dev/null)" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _naklank naklank
)sh";

constexpr std::string_view zsh = R"sh(#compdef naklank
# zsh completion for naklank; install: naklank completion zsh > a folder of $fpath, as _naklank
_naklank_ids() {
    local -a ids where
    (( ${words[(I)--archive]} )) && where=(--archive ${words[${words[(I)--archive]}+1]})
    ids=(${(f)"$(naklank __complete $where "$PREFIX" 2>/dev/null)"})
    compadd -a ids
}
_naklank() {
    local -a commands archive json service
    commands=(
        'record:record the calls of a capture or an interface'
        'serve:let people hear their calls, and record what PBXs send'
        'list:list the recordings'
        'show:show one recording'
        'verify:check that recordings are as they were sealed'
        'export:write a recording for use elsewhere'
        'rebuild:make the catalogue again from the files'
        'recover:finish calls that were cut off'
        'doctor:is this machine fit to record'
        'import:bring recordings that you have'
        'version:print the version'
        'completion:print a completion script'
        'help:print the help, or that of a command'
    )
    archive=('--archive[the archive]:folder:_files -/')
    json=('--json[print JSON]')
    service=('--siprec[where clients call in]:listen:' '--allow[who may record here]:range:'
        '--users-file[of who must know a password]:file:_files'
        '--media-address[where media is sent to]:address:'
        '--sip-address[where SIP is sent to]:address:' '--ports[UDP ports for media]:range:'
        '--calls-max[more are refused]:count:' '--tls-certificate[for tls:, PEM]:file:_files'
        '--tls-key[for tls:, PEM]:file:_files' '--tls-clients[their authorities, PEM]:file:_files'
        '--http[the window, and metrics]:address:'
        '--state[accounts and the custody log]:folder:_files -/'
        '--site[the pages of the window]:folder:_files -/'
        '--token-file[of who may pause]:file:_files'
        '*--watch[what comes there is brought]:folder:_files -/'
        '--watch-purpose[why that is kept]:purpose:(wording training agreement memory keepsake)'
        '--watch-zone[of times that name none]:zone:_time_zone'
        '--silence-seconds[without media: is the client there]:seconds:'
        '--drain-seconds[calls go on at the end]:seconds:'
        '--basis[by what right]:basis:(own-line company)'
        '--purpose[why it is kept]:purpose:(wording training agreement memory keepsake)'
        '--config[a TOML file with options]:file:_files')
    if (( CURRENT == 2 )); then
        _describe command commands
        _values option '--help[print help]' '--version[print the version]'
        return
    fi
    local command=$words[2]
    shift words; (( CURRENT-- ))
    case $command in
        record) _arguments '--read[a capture file]:file:_files' \
            '--interface[a live interface]:interface:_net_interfaces' \
            '--filter[a BPF filter]:filter:' '--tls-keylog[keys of TLS]:file:_files' \
            '--basis[by what right]:basis:(own-line company)' \
            '--purpose[why it is kept]:purpose:(wording training agreement memory keepsake)' \
            '--quiet[say nothing]' '--help[print help]' $archive $json ;;
        serve) _arguments $service '--help[print help]' $archive $json ;;
        doctor) _arguments $service '--interface[a live interface]:interface:_net_interfaces' \
            '--help[print help]' $archive $json ;;
        list) _arguments '--since[started at or after]:time:' '--until[started before]:time:' \
            '--number[of a party]:number:' '--limit[only the newest]:count:' \
            '--unsure[only what is not sure]' '--help[print help]' \
            $archive $json ;;
        show) _arguments '1:id:_naklank_ids' '--help[print help]' $archive $json ;;
        verify) _arguments '*:id:_naklank_ids' '--all[every recording]' \
            '--quiet[name only what is wrong]' '--help[print help]' $archive $json ;;
        export) _arguments '*:id:_naklank_ids' \
            '--format[of the output]:format:(wav flac original json s16le)' \
            '--track[one track alone]:track:(caller callee 1 2)' \
            '--trim[from the first to the last packet]' \
            '(-o --output)'{-o,--output}'[where to]:file:_files' '--force[write over a file]' \
            "--bcr[names and JSON as BCR's]" '--all[with --bcr, every recording]' \
            '--since[started at or after]:time:' '--until[started before]:time:' \
            '--number[of a party]:number:' '--template[of the names]:template:' \
            '--own-number[of a telephone of ours]:number:' '--zone[of all times]:zone:_time_zone' \
            '--help[print help]' $archive $json ;;
        rebuild|recover) _arguments '--help[print help]' $archive $json ;;
        import) _arguments '*:file:_files' \
            '--purpose[why it is kept]:purpose:(wording training agreement memory keepsake)' \
            '--basis[by what right]:basis:(own-line company)' \
            '--own-number[of the telephone that recorded]:number:' \
            '--zone[of times that name none]:zone:_time_zone' \
            '*--template[of the names]:template:' \
            '--dry-run[keep nothing]' \
            '--quiet[say less]' '--help[print help]' $archive $json ;;
        completion) _arguments '1:shell:(bash zsh fish)' '--help[print help]' ;;
        help) _describe command commands ;;
    esac
}
_naklank "$@"
)sh";

constexpr std::string_view fish = R"sh(# fish completion for naklank; install:
#   naklank completion fish > ~/.config/fish/completions/naklank.fish
function __naklank_ids
    set -l where
    set -l words (commandline -opc)
    if set -l at (contains -i -- --archive $words)
        set where --archive $words[(math $at + 1)]
    end
    naklank __complete $where (commandline -ct) 2>/dev/null
end
complete -c naklank -f
complete -c naklank -l help -d 'print help'
set -l all record serve list show verify export rebuild recover doctor import version completion \
    help
set -l none "not __fish_seen_subcommand_from $all"
complete -c naklank -n $none -l version -d 'print the version'
complete -c naklank -n $none -a record -d 'record the calls of a capture or an interface'
complete -c naklank -n $none -a serve -d 'let people hear their calls, and record what PBXs send'
complete -c naklank -n $none -a list -d 'list the recordings'
complete -c naklank -n $none -a show -d 'show one recording'
complete -c naklank -n $none -a verify -d 'check that recordings are as they were sealed'
complete -c naklank -n $none -a export -d 'write a recording for use elsewhere'
complete -c naklank -n $none -a rebuild -d 'make the catalogue again from the files'
complete -c naklank -n $none -a recover -d 'finish calls that were cut off'
complete -c naklank -n $none -a doctor -d 'is this machine fit to record'
complete -c naklank -n $none -a import -d 'bring recordings that you have'
complete -c naklank -n $none -a version -d 'print the version'
complete -c naklank -n $none -a completion -d 'print a completion script'
complete -c naklank -n $none -a help -d 'print the help, or that of a command'
complete -c naklank -n '__fish_seen_subcommand_from help' -a "$all"
set -l with_archive record serve list show verify export rebuild recover doctor import
set -l reading "__fish_seen_subcommand_from $with_archive"
complete -c naklank -n $reading -l archive -r -a '(__fish_complete_directories)' -d 'the archive'
complete -c naklank -n $reading -l json -d 'print JSON'
set -l record '__fish_seen_subcommand_from record'
complete -c naklank -n $record -l read -r -F -d 'a capture file'
set -l listens '__fish_seen_subcommand_from record doctor'
set -l recording '__fish_seen_subcommand_from record serve doctor import'
set -l service '__fish_seen_subcommand_from serve doctor'
complete -c naklank -n $listens -l interface -x -a '(__fish_print_interfaces)' -d 'a live line'
complete -c naklank -n $record -l filter -x -d 'a BPF filter'
complete -c naklank -n $record -l tls-keylog -r -F -d 'keys of TLS connections'
complete -c naklank -n $recording -l basis -x -a 'own-line company' -d 'by what right'
set -l purposes 'wording training agreement memory keepsake'
complete -c naklank -n $recording -l purpose -x -a $purposes -d 'why it is kept'
complete -c naklank -n $service -l siprec -x -d 'where clients call in'
complete -c naklank -n $service -l allow -x -d 'who may record here'
complete -c naklank -n $service -l users-file -r -F -d 'of who must know a password'
complete -c naklank -n $service -l media-address -x -d 'where media is sent to'
complete -c naklank -n $service -l sip-address -x -d 'where SIP is sent to'
complete -c naklank -n $service -l ports -x -d 'UDP ports for media'
complete -c naklank -n $service -l calls-max -x -d 'more are refused'
complete -c naklank -n $service -l tls-certificate -r -F -d 'for tls:, PEM'
complete -c naklank -n $service -l tls-key -r -F -d 'for tls:, PEM'
complete -c naklank -n $service -l tls-clients -r -F -d 'their authorities, PEM'
complete -c naklank -n $service -l http -x -d 'the window, and metrics'
complete -c naklank -n $service -l state -r -d 'accounts and the custody log'
complete -c naklank -n $service -l site -r -d 'the pages of the window'
complete -c naklank -n $service -l token-file -r -F -d 'of who may pause'
complete -c naklank -n $service -l watch -r -d 'what comes there is brought'
complete -c naklank -n $service -l watch-purpose -x -a $purposes -d 'why that is kept'
set -l zones '(timedatectl list-timezones 2>/dev/null)'
complete -c naklank -n $service -l watch-zone -x -a $zones -d 'of times that name none'
complete -c naklank -n $service -l silence-seconds -x -d 'without media: is the client there'
complete -c naklank -n $service -l drain-seconds -x -d 'calls go on at the end'
complete -c naklank -n $service -l config -r -F -d 'a TOML file with options'
complete -c naklank -n '__fish_seen_subcommand_from record verify import' -l quiet -d 'say less'
set -l import '__fish_seen_subcommand_from import'
set -l telling '__fish_seen_subcommand_from import export'
complete -c naklank -n $import -F
complete -c naklank -n $telling -l own-number -x -d 'of the telephone that recorded'
complete -c naklank -n $telling -l zone -x -a $zones -d 'of times'
complete -c naklank -n $import -l dry-run -d 'keep nothing'
set -l list '__fish_seen_subcommand_from list'
set -l choosing '__fish_seen_subcommand_from list export'
complete -c naklank -n $choosing -l since -x -d 'started at or after'
complete -c naklank -n $choosing -l until -x -d 'started before'
complete -c naklank -n $choosing -l number -x -d 'of a party'
complete -c naklank -n $list -l limit -x -d 'only the newest'
complete -c naklank -n $list -l unsure -d 'only what was brought and is not sure'
complete -c naklank -n '__fish_seen_subcommand_from show verify export' -a '(__naklank_ids)'
complete -c naklank -n '__fish_seen_subcommand_from verify export' -l all -d 'every recording'
set -l export '__fish_seen_subcommand_from export'
complete -c naklank -n $export -l format -x -a 'wav flac original json s16le' -d 'of the output'
complete -c naklank -n $export -l track -x -a 'caller callee 1 2' -d 'one track alone'
complete -c naklank -n $export -l trim -d 'from the first to the last packet'
complete -c naklank -n $export -s o -l output -r -F -d 'where to'
complete -c naklank -n $export -l force -d 'write over a file'
complete -c naklank -n $export -l bcr -d 'names and JSON as BCR has them'
complete -c naklank -n $telling -l template -x -d 'of the names'
complete -c naklank -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
)sh";

}  // namespace

std::optional<std::string_view> completion_script(std::string_view shell) {
    if (shell == "bash")
        return bash;
    if (shell == "zsh")
        return zsh;
    if (shell == "fish")
        return fish;
    return std::nullopt;
}

}  // namespace nk::app
