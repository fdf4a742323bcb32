#!/usr/bin/env bash
# The page on the demo's data, used as staff and admins use it. A fifth source is withheld from all but one team.
. "$(dirname "$0")/common.bash"
mkdir "$T/salassa"
printf -- '---\ntitle: Salaisuus\n---\n\nTämä salaisuus on johdon.\n' >"$T/salassa/salaisuus.md"
demo_hub
browse find.mjs customer.mjs people.mjs looks.mjs sources.mjs
hub_stop
