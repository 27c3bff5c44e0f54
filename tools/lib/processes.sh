# Sourced by tools/up and tools/down: processes that outlive a shell, known by a pid file that cannot mean another one.
# shellcheck shell=bash
#
# A pid file holds "PID START BOOT": start is the process's start in clock ticks since boot, boot the kernel's boot id.

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# pid (name) state ppid ...: the name may hold anything, so count from its closing bracket. State is the first field
# after it, start the twentieth.
process_start() {
    local stat fields
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -ra fields <<<"${stat##*) }"
    [ "${fields[0]}" != Z ] && [ "${fields[0]}" != X ] || return 1
    printf '%s\n' "${fields[19]}"
}

write_pid() {
    printf '%s %s %s\n' "$2" "$(process_start "$2" || echo 0)" "$(boot_id)" >"$1"
}

# Prints the pid if the file's process still runs.
running_pid() {
    local pid start boot
    { read -r pid start boot <"$1"; } 2>/dev/null || return 1
    [ "$boot" = "$(boot_id)" ] && [ "$(process_start "$pid")" = "$start" ] && printf '%s\n' "$pid"
}

# Ends the file's process: the signal, then after so many seconds KILL. Removes the file.
end_process() {
    local file=$1 signal=$2 patience=$3 pid until
    if pid=$(running_pid "$file"); then
        until=$((SECONDS + patience))
        kill -s "$signal" "$pid" 2>/dev/null || true
        while running_pid "$file" >/dev/null; do
            if [ "$SECONDS" -ge "$until" ]; then
                warn "$(basename "$file" .pid) did not end within $patience s: killed."
                kill -s KILL "$pid" 2>/dev/null || true
                until=$((SECONDS + patience))
            fi
            sleep 0.05
        done
    fi
    rm -f "$file"
}

# The order matters: the host answers what it has accepted and writes its journal down, then its stores stop.
end_processes() {
    end_process "$1/host.pid" TERM 40
    end_process "$1/postgres.pid" INT 30
    end_process "$1/redis.pid" TERM 30
}

# Waits until the command says yes, while the file's process runs: 0 ready, 1 it ended, 2 out of patience.
wait_until() {
    local file=$1 patience=$2 until=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        running_pid "$file" >/dev/null || return 1
        [ "$SECONDS" -lt "$until" ] || return 2
        sleep 0.1
    done
}

# The status code of GET http://127.0.0.1:PORT/PATH
http_status() {
    local version status
    exec 7<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&7
    read -r -t 5 version status _ <&7 || status=000
    exec 7>&- 7<&-
    : "$version"
    [ "$status" = "$3" ]
}

port_is_taken() { (exec 7<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
