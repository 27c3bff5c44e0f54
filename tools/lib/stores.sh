# Sourced by tools/up: a Redis and a Postgres with private folders, on loopback, each with a password of its own.
# shellcheck shell=bash

# How the two are reached.
own_redis() { printf '127.0.0.1:%s,password=%s,abortConnect=false' "$redis_port" "$(<"$data/redis-password")"; }

own_postgres() {
    printf 'Host=127.0.0.1;Port=%s;Username=processor;Database=processor;Password=%s' "$postgres_port" "$(<"$data/postgres-password")"
}

secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# Makes a file with a new secret, readable by its owner only, unless it is there.
keep_secret() {
    [ -s "$1" ] || (umask 077 && printf '%s%s\n' "${2:-}" "$(secret)" >"$1.new" && mv "$1.new" "$1")
}

# Everything is written to disk before it is answered, and nothing is ever evicted: it is a ledger.
write_redis_conf() {
    (umask 077 && cat >"$data/redis.conf") <<CONF
bind 127.0.0.1
port $redis_port
dir "$data/redis"
daemonize no
requirepass $(<"$data/redis-password")
appendonly yes
appendfsync ${PROCESSOR_APPENDFSYNC:-always}
maxmemory-policy noeviction
save ""
# Rewriting the file takes a core while it lasts: seldom, and without compressing what is read once. A start reads the whole file.
auto-aof-rewrite-min-size 4gb
auto-aof-rewrite-percentage 200
rdbcompression no
CONF
}

redis_answers() {
    local first second
    exec 7<>"/dev/tcp/127.0.0.1/$redis_port" || return 1
    printf 'AUTH %s\r\nPING\r\n' "$(<"$data/redis-password")" >&7
    read -r -t 5 first <&7 && read -r -t 5 second <&7 || second=none
    exec 7>&- 7<&-
    [ "${first%$'\r'}" = +OK ] && [ "${second%$'\r'}" = +PONG ]
}

start_redis() {
    mkdir -p "$data/redis"
    keep_secret "$data/redis-password"
    write_redis_conf
    setsid "$(program redis-server)" "$data/redis.conf" </dev/null >>"$logs/redis.log" 2>&1 9>&- &
    write_pid "$run/redis.pid" $!
    wait_until "$run/redis.pid" 60 redis_answers || start_failed redis
    redis=$(own_redis)
}

# Postgres refuses to run as root: as root it runs as the user postgres.
choose_postgres_user() {
    postgres_as=()
    is_root || return 0
    id postgres >/dev/null 2>&1 ||
        fail "Postgres does not run as root and there is no user postgres: run tools/up as another user."
    postgres_as=(setpriv --reuid=postgres --regid=postgres --init-groups)
}

# The folder is $data/postgres; where the user postgres cannot get there (below /root, say) it is one below
# /var/lib/processor, and a file in $data says which. What the file says stays, wherever the checkout moves.
choose_postgres_folder() {
    postgres_data=$data/postgres
    if [ -s "$data/postgres-folder" ]; then
        postgres_data=$(<"$data/postgres-folder")
        return
    fi
    mkdir -p "$postgres_data"
    if is_root; then
        if ! "${postgres_as[@]}" test -x "$data"; then
            rmdir "$postgres_data"
            postgres_data=/var/lib/processor/postgres-$(secret | head -c 12)
            mkdir -p "$postgres_data"
            chmod 711 /var/lib/processor
            printf '%s\n' "$postgres_data" >"$data/postgres-folder"
            say "The user postgres cannot reach $data, so Postgres keeps its files in $postgres_data."
        fi
        chown postgres: "$postgres_data"
    fi
    chmod 700 "$postgres_data"
}

# A role that owns one database and is no superuser. The superuser gets a password that nobody keeps: whoever owns the
# folder can still enter with postgres --single.
init_postgres() {
    local sql password superuser
    [ ! -e "$postgres_data/PG_VERSION" ] || [ ! -e "$postgres_data/processor-initialized" ] || return 0
    # A start that was cut short leaves half a folder.
    find "$postgres_data" -mindepth 1 -delete
    say "Initializing Postgres"
    superuser=$(mktemp)
    secret >"$superuser"
    if is_root; then chown postgres: "$superuser"; fi
    "${postgres_as[@]}" "$postgres/initdb" -D "$postgres_data" --username=postgres --pwfile="$superuser" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums >>"$logs/postgres.log" 2>&1 ||
        start_failed postgres
    rm -f "$superuser"
    password=$(<"$data/postgres-password")
    sql="create role processor login password '$password';
create database processor owner processor;"
    printf '%s\n' "$sql" |
        "${postgres_as[@]}" "$postgres/postgres" --single -D "$postgres_data" postgres >/dev/null 2>>"$logs/postgres.log" ||
        start_failed postgres
    "${postgres_as[@]}" touch "$postgres_data/processor-initialized"
}

postgres_answers() { "$postgres/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" -t 5; }

start_postgres() {
    postgres=$(postgres_bin)
    keep_secret "$data/postgres-password"
    choose_postgres_user
    choose_postgres_folder
    init_postgres
    (cd "$postgres_data" && exec setsid "${postgres_as[@]}" "$postgres/postgres" -D "$postgres_data" \
        -c "port=$postgres_port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c fsync=on -c synchronous_commit=on -c max_connections=200 -c wal_compression=on -c max_wal_size=4GB -c shared_buffers=1GB) \
        </dev/null >>"$logs/postgres.log" 2>&1 9>&- &
    write_pid "$run/postgres.pid" $!
    wait_until "$run/postgres.pid" 120 postgres_answers || start_failed postgres
    postgres_connection=$(own_postgres)
}
