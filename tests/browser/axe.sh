#!/usr/bin/env bash
# axe-core on every view, light and dark, wide and narrow: no violation.
. "$(dirname "$0")/common.bash"
demo_hub
browse axe.mjs
hub_stop
