#!/usr/bin/env bash
# Every connector of ours through the contract, on the demo's sources: the same records whenever it reads anew, none when nothing
# is new, and after a kill or a stop at any checkpoint the next run brings exactly what is missing. Without daemon and store:
# tests/tools/drive plays the parent.
set -u
B=${B:-build}
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
drive=$B/tests/tools/drive
[[ -x $drive ]] || { echo "skip $drive is not built"; exit 77; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
failures=0

# What a store would hold after this output: records become durable with their checkpoint, or with a good end.
durable() {
	awk '/^{"frame":"record"/ { held[n++] = $0; next }
		/^{"frame":"checkpoint","durable":true/ || /^{"frame":"end","result":0}/ { for (i = 0; i < n; i++) print held[i]; n = 0 }' "$@"
}
count() { grep -c '^{"frame":"'"$1"'"' "$2"; }
bad() {
	echo "FAIL $name: $1"
	failures=$((failures + 1))
}
# read STATE [FLAG...]: one run that remembers in STATE what a source remembers.
read_source() {
	local state=$1
	shift
	"$drive" --items "$state.items" --cursor-file "$state.cursor" "$@" "$B/plugins/$connector.so" "${options[@]}" 2>"$temp/stderr"
}

# interrupted FLAG N: a run that ends at its Nth checkpoint, and the one after it.
interrupted() {
	local state=$temp/$name-$1-$2
	read_source "$state" "--$1" "$2" >"$state.1"
	read_source "$state" >"$state.2"
	durable "$state.1" "$state.2" | sort -u >"$state.records"
	if ! cmp -s "$temp/$name.records" "$state.records"; then
		bad "--$1 $2: $(diff "$temp/$name.records" "$state.records" | grep -c '^[<>]') records differ from an undisturbed run"
		diff "$temp/$name.records" "$state.records" | cut -c1-150 | head -5
	fi
}

contract() {
	name=$1 connector=$2
	options=("${@:3}")
	[[ -e $B/plugins/$connector.so ]] || { bad "$B/plugins/$connector.so is not built"; return; }
	local state=$temp/$name
	"$drive" --check "$B/plugins/$connector.so" "${options[@]}" >"$state.check" 2>&1 || bad "check: $(tail -n 1 "$state.check")"
	local status=0
	read_source "$state" >"$state.full" || status=$?
	((status == 0 || (status == 3 && real))) || bad "a full run: $(tail -n 1 "$state.full" | cut -c1-300)"
	durable "$state.full" | sort -u >"$state.records"
	local records checkpoints ids
	records=$(wc -l <"$state.records")
	checkpoints=$(count checkpoint "$state.full")
	((records > 0)) || bad "it reads nothing"
	ids=$(sed 's/^{"frame":"record","id":\("\([^"\\]\|\\.\)*"\).*/\1/' "$state.records" | sort -u | wc -l)
	((ids == records)) || bad "$records different records, but $ids ids"

	read_source "$state" >"$state.again"
	(($(count record "$state.again") == 0)) || bad "nothing is new, yet it puts $(count record "$state.again") records"
	read_source "$temp/$name-anew" | durable | sort -u | cmp -s - "$state.records" || bad "reading anew gives other records"
	local step=$((real ? checkpoints / 2 + 1 : (checkpoints + 7) / 8)) at # some two, or eight, of them
	for ((at = 1; at <= checkpoints; at += step)); do
		interrupted kill-at "$at"
		interrupted stop-at "$at"
	done
	echo "ok $name: $records records, $checkpoints checkpoints"
}

real=0
contract crm crm_csv path=conf/demo/crm timezone=Europe/Helsinki dates=ymd
contract tickets tickets_jira path=conf/demo/tickets
contract mail mail path=conf/demo/mail
contract notes notes path=conf/demo/notes
real=1 # large, and with a file or two that cannot be read
data=${MERI_DATA:-.data}
if [[ -d $data/mail-list ]]; then
	contract mail-list mail "path=$data/mail-list"
	contract tickets-jira tickets_jira "path=$data/tickets-jira"
	contract vaults notes "path=$data/notes"
else
	echo "skip the packs mail-list, tickets-jira and notes are not here"
fi
((failures == 0))
