#!/usr/bin/env bash
# The command line over a running daemon: what is asked, what is answered, what is said when it goes wrong.
. "$(dirname "$0")/common.bash"
demo=$(cd "$(dirname "$0")/../../conf/demo" && pwd)
need "$merid" "$meri" "$plugins"/{crm_csv,tickets_jira,mail,notes}.so
conf=$T/meri.conf
cp -R "$demo"/{crm,tickets,mail,notes} "$T"
sed -e "s|^store *=.*|store = meri.db\nplugin-path = $plugins|" -e 's|^socket *=.*|socket = meri.sock|' -e 's|^schedule *=.*|schedule = manual|' "$demo/meri.conf" >"$conf"
export MERI_SOCKET=$T/meri.sock NO_COLOR=1

# Without a daemon: one line that says what to do.
run 1 "$meri" find konepaja
says "$T/err" "no daemon answers at $T/meri.sock" "start merid"
run 2 "$meri" fnid konepaja
says "$T/err" 'did you mean "find"?'
run 2 "$meri"
run 0 "$meri" --help
run 0 "$meri" --version
ok without a daemon

background "$merid" -c "$conf"
until_true 10 test -S "$T/meri.sock" || fail "merid does not answer"
run 0 "$meri" sync
says "$T/out" "crm" "added 217"
run 0 "$meri" status
says "$T/out" "599 records out of 4 sources" "fresh"
run 0 "$meri" sync --follow
says "$T/out" "nothing runs"
run 1 "$meri" sync crn
says "$T/err" 'there is no source "crn"; did you mean "crm"?'
ok sync and status

run 0 "$meri" find -n 3 konepajalle
says "$T/out" "records for konepajalle" "Virtasen Konepaja"
run 0 "$meri" find --json -n 3 konepajalle
for key in query notes total more hits id source external_id kind title snippet marks occurred_at url customers score facets silent; do
	says "$T/out" "\"$key\":"
done
run 0 "$meri" find huolto -tarjous source:notes
says "$T/out" "huolto -tarjous source:notes"
run 0 "$meri" find 'after:soon huolto'
says "$T/out" "after:soon is no date"
run 0 "$meri" find qwxzqwxz
says "$T/out" "no records for qwxzqwxz"
run 2 "$meri" find -n 0 x
says "$T/err" "-n wants a number"
ok find

id=$("$meri" find --json -n 1 'Virtasen Konepaja kind:account' | sed -n 's/^ *"id": \([0-9]*\),$/\1/p' | head -n 1)
[[ $id ]] || fail "the account is not found"
run 0 "$meri" show "#$id"
says "$T/out" "Virtasen Konepaja Oy" "crm account"
run 1 "$meri" show 999999
says "$T/err" "there is no record 999999"
run 1 "$meri" show nothing
ok show

run 0 "$meri" source list
says "$T/out" "SOURCE" "crm_csv" "217"
run 0 "$meri" source show crm
says "$T/out" "217" "ok"
run 0 "$meri" source failures mail
says "$T/out" "no failures"
run 0 "$meri" source check notes
run 2 "$meri" source show
run 0 "$meri" connector list
says "$T/out" "tickets_jira" "crm_csv"
run 0 "$meri" connector describe mail
says "$T/out" "path" "[source"
run 1 "$meri" connector describe mial
ok sources and connectors

run 0 "$meri" customer info@virtasenkonepaja.example
says "$T/out" "Virtasen Konepaja Oy" "LV-1001" "newest records"
run 0 "$meri" customer --why LV-1004
says "$T/out" "Kuusiston Saha Oy" "put together from"
run 0 "$meri" find customer:LV-1004 -n 1
says "$T/out" "Kuusiston Saha Oy"
run 1 "$meri" customer qwxzqwxz
says "$T/err" "nobody we know is"
# A decision is shown first, and made only when somebody agrees.
run 1 "$meri" customer merge LV-1008 LV-1009
says "$T/out" "records move"
says "$T/err" "say --yes"
run 0 "$meri" customer decisions
[[ ! -s $T/out ]] || fail "a preview left a decision"
run 0 "$meri" customer merge LV-1008 LV-1009 --yes --reason "bought in 2025"
says "$T/out" "meri customer undo 1"
run 0 "$meri" customer LV-1008
says "$T/out" "Ounasvaaran Bioenergia Oy"
run 0 "$meri" sync
run 0 "$meri" customer undo 1 --yes
run 1 "$meri" customer undo 1 --yes
run 0 "$meri" customer LV-1008
says "$T/out" "Pohjolan Puupelletti Oy"
run 0 "$meri" customer decisions
says "$T/out" "bought in 2025" "undone"
run 0 "$meri" customer suggestions
run 0 "$meri" customer unmatched
says "$T/out" "RECORDS"
run 2 "$meri" customer merge one
ok customers and decisions
