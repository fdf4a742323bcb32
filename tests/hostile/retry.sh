#!/usr/bin/env bash
# When a source that failed is tried again: a rate limit is waited for, a passing fault is tried sooner than planned, and what an
# admin must mend waits for its schedule.
. "$(dirname "$0")/../flow/common.bash"
need "$merid" "$B/tests/hostile/comes_back.so"
conf=$T/meri.conf
source_of() { printf '[source "%s"]\nconnector = comes_back\nclass = %s\npause = %s\nschedule = every %s\n' "$@"; }
{
	printf '[hub]\nstore = meri.db\nsocket = meri.sock\nplugin-path = %s\n' "$B/tests/hostile"
	source_of limited rate 4s 1s
	source_of fleeting transient 1s 1h
	source_of refused auth 1s 1h
} >"$conf"
starts() { sql "SELECT group_concat(started, ' ') FROM (SELECT started FROM run JOIN source s ON s.id = source_id WHERE s.name = '$1' ORDER BY run.id)"; }
count() { sql "SELECT count(*) FROM run JOIN source s ON s.id = source_id WHERE s.name = '$1' AND ended"; }

background "$merid" -c "$conf"
until_true 30 eval '(($(count limited) >= 3 && $(count fleeting) >= 3))' || fail "limited ran $(count limited) times, fleeting $(count fleeting)"
kill -TERM "${children[0]}"
wait "${children[0]}" || fail "merid did not end well"
children=()

read -ra at <<<"$(starts limited)"
((at[1] - at[0] >= 4 && at[2] - at[1] >= 4)) || fail "a rate limit of 4 s was not waited for: ${at[*]}"
expect_sql "SELECT DISTINCT verdict, reason, message FROM run JOIN source s ON s.id = source_id WHERE s.name = 'limited'" \
	"partial|rate|come back in 4 seconds"
ok a rate limit is waited for
expect_sql "SELECT DISTINCT verdict, reason, message FROM run JOIN source s ON s.id = source_id WHERE s.name = 'fleeting'" \
	"failed|transient|come back in 1 seconds"
ok a passing fault is tried again soon
[[ $(count refused) == 1 ]] || fail "a refused source was tried $(count refused) times"
ok what an admin must mend waits
expect_sql "SELECT group_concat(external_id, ' ') FROM (SELECT external_id FROM record JOIN source s ON s.id = source_id WHERE s.name = 'limited' ORDER BY 1)" \
	"kept-1 kept-2 kept-3"
expect_sql "SELECT DISTINCT cursor FROM source" three
ok what was checkpointed is kept, the rest is not
