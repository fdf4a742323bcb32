#!/usr/bin/env bash
# axe-core on every view, light and dark, wide and narrow: no violation.
. "$(dirname "$0")/common.bash"
demo_hub
browse_side_by_side axe.mjs/0 axe.mjs/1
hub_stop
