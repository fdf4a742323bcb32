#!/usr/bin/env bash
# A connector exports one symbol, meri_connector, and nothing else; and the programs keep to their rooms: the connector process links
# no database, the daemon loads no code.
set -eu
B=${B:-build}
expected="meri_connector"
found=0 wrong=0
for so in "$B"/plugins/*.so; do
	[[ -e $so ]] || break
	exported=$(nm -D --defined-only --format=posix "$so" | awk '{print $1}' | grep -vE '^(__asan|__ubsan|__tsan|__odr_asan|_init$|_fini$|__bss_start$|_edata$|_end$)' || true)
	if ! diff <(echo "$expected") <(echo "$exported") >/dev/null; then
		echo "$so exports: $(echo "$exported" | tr '\n' ' ')"
		wrong=1
	fi
	found=$((found + 1))
done
((found > 0)) || { echo "skip no connector is built in $B/plugins"; exit 77; }
((wrong == 0))
echo "ok $found connectors export meri_connector and nothing else"

needs() { objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }'; }
if needs "$B/bin/meri-connector" | grep -q sqlite; then
	echo "meri-connector links SQLite: a connector must never be near the database"
	exit 1
fi
echo "ok meri-connector links no database"
if nm -D --undefined-only "$B/bin/merid" | grep -qE ' (dlopen|dlmopen)(@|$)'; then
	echo "merid can load code: connectors belong into meri-connector"
	exit 1
fi
echo "ok merid loads no code"
