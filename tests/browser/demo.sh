#!/usr/bin/env bash
# The page on the demo's data, used as staff and admins use it. A fifth source is withheld from all but one team.
. "$(dirname "$0")/common.bash"
mkdir "$T/salassa"
printf -- '---\ntitle: Salaisuus\n---\n\nTämä salaisuus on johdon.\n' >"$T/salassa/salaisuus.md"
demo_hub
# Those that only read, those that change something, and what changes the sources themselves.
browse_side_by_side find.mjs looks.mjs
browse_side_by_side customer.mjs people.mjs
browse sources.mjs
hub_stop
