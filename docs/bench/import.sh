#!/bin/bash
# Measures imports of ICEWS14's rows, and of the same as N-Quads, beside PostgreSQL and
# Cayley: docs/bench/import.md.
#
#     docs/bench/import.sh ICEWS14.TSV [ROUNDS [WAY...]]
#
# Needs PostgreSQL's server programs, GNU time and Go. All is done in a
# temporary directory, which is removed: PostgreSQL runs as the user postgres, as it will
# not as root. Prints a line for each round and way, then the medians.
set -euo pipefail
rows=$(readlink -f "$1"); rounds=${2:-5}; shift; shift || true
here=$(cd "$(dirname "$0")" && pwd); sql=$here/import
cayley=github.com/cayleygraph/cayley/cmd/cayley@v0.7.7-0.20240706181042-81dcd7d73e45
port=${PGPORT:-7433}
work=$(mktemp -d); chmod 755 "$work"
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)

as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/bash -c "$*"; else bash -c "$*"; fi; }
psql() { PGOPTIONS="-c client_min_messages=warning" command psql -qtAX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres "$@"; }
finish() { [ ! -f "$work/pg/postmaster.pid" ] || as "$bin/pg_ctl -D $work/pg -m fast stop" >/dev/null; rm -rf "$work"; }
trap finish EXIT

# The peers.
(cd "$here/../.." && go build -o "$work/chancery" .)
mkdir "$work/peers"
(cd "$work/peers" && go mod init peers && go get $cayley && go build -o "$work/cayley" ${cayley%@*}) >/dev/null 2>&1
mkdir -m 700 "$work/pg"; [ "$(id -u)" != 0 ] || chown postgres "$work/pg"
as "$bin/initdb -D $work/pg -U postgres -A trust -E UTF8 --locale=C" >/dev/null
as "$bin/pg_ctl -D $work/pg -w -l $work/pg/log -o '-p $port -k $work/pg -c listen_addresses=127.0.0.1 -c shared_buffers=512MB -c work_mem=64MB -c maintenance_work_mem=512MB -c max_wal_size=4GB -c jit=off' start" >/dev/null

# Ready-made tables and N-Quads, all from the file.
copy_rows="\\copy row_of_file from '$rows' with (format csv, delimiter E'\\t', quote E'\\b', header)"
row_table="drop table if exists row_of_file; create table row_of_file (subject text, relation text, object text, date text, split text);"
quad_table="drop table if exists quad_of_file; create table quad_of_file (s text, p text, o text, g text);"
psql -c "$row_table" -c "$copy_rows" -f "$sql/tables.sql" -f "$sql/fill.sql" -f "$sql/indexes.sql" -f "$sql/quads.sql" >/dev/null
psql -c "\\copy quads_of_file to '$work/quads.tsv'"
for t in file claims; do
  psql -c "\\copy (select format('%s %s %s %s .', s, p, o, g) from quads_of_$t) to '$work/$t.nq' with (format csv, quote E'\\b', delimiter E'\\t')"
done
psql -c "drop table facts, quads_of_file, quads_of_claims"
for t in sources claims entities events; do psql -c "\\copy $t to '$work/$t.copy'"; done
psql -c "$quad_table" -c "\\copy quad_of_file from '$work/quads.tsv'" -f "$sql/quadtables.sql" -f "$sql/quadfill.sql"
for t in terms quads; do psql -c "\\copy $t to '$work/$t.copy'"; done
n_rows=$(($(wc -l < "$rows") - 1)); n_quads=$(wc -l < "$work/file.nq")
copies() { for t in "$@"; do echo "\\copy $t from '$work/$t.copy'"; done; }

# The ways. Each ends with everything durable. Those of PostgreSQL are one client's
# session with a server that is running; those of the others are a process.
postgres() { psql -f - > /dev/null; }
postgres_copy() { { cat "$sql/tables.sql"; copies sources claims entities events; cat "$sql/indexes.sql"; } | postgres; }
postgres_file() { { echo "$row_table"; echo "$copy_rows"; cat "$sql/tables.sql" "$sql/fill.sql" "$sql/indexes.sql"; } | postgres; }
postgres_quads_copy() { { cat "$sql/quadtables.sql"; copies terms quads; cat "$sql/quadindexes.sql"; } | postgres; }
postgres_quads_file() { { echo "$quad_table"; echo "\\copy quad_of_file from '$work/quads.tsv'"; cat "$sql/quadtables.sql" "$sql/quadfill.sql" "$sql/quadindexes.sql"; } | postgres; }
process() { /usr/bin/time -f '%M %U %S' -o "$work/used" "$@" > "$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }; }
chancery() { process "$work/chancery" import --to "$work/graph" "$1"; }
chancery_rows() { chancery "$rows"; }
chancery_quads() { chancery "$work/file.nq"; }
cayley_load() { process "$work/cayley" load --init -d leveldb -a "$work/leveldb/" --batch 10000 -i "$1"; }
cayley_rows() { cayley_load "$work/claims.nq"; }
cayley_quads() { cayley_load "$work/file.nq"; }

server() { local p; p=$(head -1 "$work/pg/postmaster.pid"); echo "$p $(pgrep -P "$p" | xargs)"; }

# watch keeps the largest memory of the server with all its processes, shared pages once.
watch() {
  local top=0 now
  while [ ! -f "$work/stop" ]; do
    now=0
    for p in $(server); do now=$((now + $(awk '/^Pss:/{print $2}' "/proc/$p/smaps_rollup" 2>/dev/null || true) + 0)); done
    [ "$now" -le "$top" ] || top=$now
    echo "$top" > "$work/peak"; sleep .1
  done
}

# spent gives the CPU seconds of the server's processes, living and ended.
spent() { for p in $(server); do cat "/proc/$p/stat" 2>/dev/null || true; done | awk -v hz="$(getconf CLK_TCK)" -v first="$(server | cut -d' ' -f1)" '{t += $14 + $15; if ($1 == first) t += $16 + $17} END {print t / hz}'; }

# once WAY UNITS: a round of a way. In the round called peak only PostgreSQL's memory is
# watched, which costs time. Of PostgreSQL, CPU is the server's, without psql's.
once() {
  local seconds=- cpu=- peak=- began before watching
  [ "$round" != peak ] || [[ $1 = postgres* ]] || return 0
  rm -rf "$work/graph" "$work/leveldb" "$work/stop"; sync
  if [ "$round" = peak ]; then
    # A fresh server: its shared memory grows with all that it ever did.
    as "$bin/pg_ctl -D $work/pg -m fast -w restart" > /dev/null
    watch & watching=$!
    "$1"; touch "$work/stop"; wait $watching
    peak=$(cat "$work/peak")
  else
    before=$(spent); began=$(date +%s.%N); "$1"
    seconds=$(echo "$(date +%s.%N) $began" | awk '{printf "%.2f", $1 - $2}')
    if [[ $1 = postgres* ]]; then sleep .2; cpu=$(echo "$(spent) $before" | awk '{print $1 - $2}'); else read -r peak user system < "$work/used"; cpu=$(echo "$user $system" | awk '{print $1 + $2}'); fi
  fi
  echo "$round $1 $2 $seconds $cpu $peak $(cut -d' ' -f1 /proc/loadavg)" | tee -a "$work/results"
}

ways=("$@")
[ $# -gt 0 ] || ways=(chancery_rows postgres_copy postgres_file cayley_rows chancery_quads postgres_quads_copy postgres_quads_file cayley_quads)
echo "round way units seconds CPU_seconds peak_KiB load"
for round in $(seq "$rounds") peak; do
  for way in "${ways[@]}"; do
    case $way in *quads*) units=$n_quads ;; *) units=$n_rows ;; esac
    once "$way" "$units"
  done
done
echo
median() { awk -v w="$1" -v c="$2" '$2 == w && $c != "-" {print $c}' "$work/results" | sort -n | awk '{s[NR] = $1} END {print (s[int((NR + 1) / 2)] + s[int((NR + 2) / 2)]) / 2, s[1], s[NR]}'; }
echo "| way | seconds, median (least–most) | a second | CPU seconds | peak MiB |"
echo "|---|---|---|---|---|"
for way in "${ways[@]}"; do
  case $way in *quads*) units=$n_quads ;; *) units=$n_rows ;; esac
  echo "$way $units $(median "$way" 4) $(median "$way" 5) $(median "$way" 6)" |
    awk '{printf "| %s | %.2f (%.2f–%.2f) | %d | %.2f | %d |\n", $1, $3, $4, $5, $2 / $3, $6, $11 / 1024}'
done
