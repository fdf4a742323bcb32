#!/usr/bin/env bash
# The API on the demo, held to core/serve/openapi.json: every route, every reply, every problem; paging; odd input. The tests are in
# Node (tests/api), with packages of npm's: where these cannot be had, they are skipped.
. "$(dirname "$0")/common.bash"
. "$(dirname "$0")/hub.bash"
here=$(cd "$(dirname "$0")/../.." && pwd)
need "$merid" "$meri" "$plugins/crm_csv.so" "$plugins/tickets_jira.so" "$plugins/mail.so" "$plugins/notes.so"
command -v node >/dev/null && command -v npm >/dev/null || skip "node and npm are not here: make deps SETS=build"

# The packages lie in the build folder, as the lock file has them.
packages=$B/api
if ! cmp -s "$here/tests/api/package-lock.json" "$packages/installed"; then
	mkdir -p "$packages"
	cp "$here"/tests/api/{package.json,package-lock.json,.npmrc} "$packages"
	(cd "$packages" && npm ci --ignore-scripts --prefer-offline --loglevel=error) >"$T/npm" 2>&1 ||
		skip "npm could not install the packages of tests/api: $(tail -n 1 "$T/npm")"
	cp "$here/tests/api/package-lock.json" "$packages/installed"
fi

port=$(free_port)
cp -R "$here/conf/demo"/{crm,tickets,mail,notes} "$T"
{
	hub_conf "$port" "own-domains = lahdevirta.example" "find-rate = 0"
	sed -n '/^\[source/,$p' "$here/conf/demo/meri.conf" | sed 's/^schedule .*/schedule = manual/'
} >"$T/meri.conf"
export TZ=Europe/Helsinki # years and months are those of where the hub stands
hub_start "$T/meri.conf"
run 0 "$meri" sync
API_PACKAGES=$packages API_SOCKET=$MERI_SOCKET API_PORT=$port node "$here/tests/api/main.mjs" >"$T/out" 2>"$T/err" || fail "the API is not as described"
cat "$T/out"
hub_stop
says_not "$T/log" "<3>"
