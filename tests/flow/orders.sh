#!/usr/bin/env bash
# The demo's records in shuffled orders: whom each is about does not depend on which came first.
. "$(dirname "$0")/common.bash"
demo=$(cd "$(dirname "$0")/../../conf/demo" && pwd)
orders=$B/bench/identity_orders
need "$merid" "$plugins/crm_csv.so" "$plugins/tickets_jira.so" "$plugins/mail.so" "$plugins/notes.so" "$orders"
conf=$T/meri.conf
cp -R "$demo"/{crm,tickets,mail,notes} "$T"
sed -e "s|^store *=.*|store = meri.db\nplugin-path = $plugins|" -e 's|^socket *=.*|socket = meri.sock|' -e '/^listen/d' \
	"$demo/meri.conf" >"$conf"
run 0 "$merid" -c "$conf" --once
run 0 "$orders" "$T/meri.db" 6
says "$T/out" "orders=6 different=0"
ok "599 records in six orders: $(tail -n 1 "$T/out")"
