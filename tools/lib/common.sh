# Sourced by the scripts in tools/: where things are, and how to say so. Needs bash and coreutils, no more.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
fail() {
    warn "$*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# A program in PATH, or where Debian puts the programs of administrators.
program() {
    local folder
    command -v "$1" 2>/dev/null && return
    for folder in /usr/local/sbin /usr/sbin /sbin; do
        [ -x "$folder/$1" ] && { say "$folder/$1"; return; }
    done
    return 1
}

# The folder with the Postgres server's programs: the newest that Debian has, else the one in PATH.
postgres_bin() {
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr); do
        [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ] && { say "$folder"; return; }
    done
    if have pg_config && folder=$(pg_config --bindir) && [ -x "$folder/postgres" ]; then
        say "$folder"
    elif have postgres && have initdb; then
        dirname "$(command -v postgres)"
    else
        return 1
    fi
}

# Puts a .NET 10 SDK in PATH, if the machine has one.
find_dotnet() {
    local folder
    for folder in "" "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        [ -z "$folder" ] || [ -x "$folder/dotnet" ] || continue
        if PATH="${folder:+$folder:}$PATH" dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
            PATH="${folder:+$folder:}$PATH"
            export PATH
            return
        fi
    done
    return 1
}
